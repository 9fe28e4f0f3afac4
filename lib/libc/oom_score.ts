/**
 * Who is killed first when memory is short: a process that must outlive its children, and what they
 * get.
 *
 * A child inherits our value and is given its own right after its start, and so is whatever it has
 * forked by then. Ours is not raised around the start instead: it is the start itself that memory
 * may be short for, and we would be the victim. Source: proc(5), oom_score_adj; the kernel,
 * fs/proc/base.c and mm/oom_kill.c.
 */
import { type OomScores, parseOomScoreAdj } from "../core/linux/oom_score_adj.ts";
import { decodePath, encodePath } from "../core/text/path_bytes.ts";
import { O_RDONLY, O_RDWR, O_WRONLY } from "../core/linux/open_flags.ts";
import { close, read, tryOpen, write } from "./file.ts";

/** Undefined: everybody has what comes. */
let scores: OomScores | undefined;
/** What is to be chosen when the first child is about to start, and has not been yet. */
let choice: ((given: number) => readonly OomScores[]) | undefined;
/** What we were started with, if we have gone lower. */
let given: number | undefined;

const buffer = new Uint8Array(512);

function textIn(fd: number): string {
  const count = read(fd, buffer);
  return decodePath(buffer.subarray(0, Math.max(0, count)));
}

/** What a process has; undefined if there is no /proc that tells. */
function scoreOf(pid: number | "self"): number | undefined {
  const fd = tryOpen(`/proc/${pid}/oom_score_adj`, O_RDONLY);
  if (fd < 0) return undefined;
  const score = parseOomScoreAdj(textIn(fd));
  close(fd);
  return score;
}

/**
 * Returns 0 or `-errno`: -EACCES if that is lower than whoever set the last one with a right to it
 * allows.
 */
function setScore(pid: number | "self", score: number): number {
  const fd = tryOpen(`/proc/${pid}/oom_score_adj`, O_WRONLY);
  if (fd < 0) return fd;
  const result = Math.min(write(fd, encodePath(String(score))), 0);
  close(fd);
  return result;
}

/**
 * When the first child is about to start, this process and its children get the first of the values
 * that it may have; the last is what it has. Until then there is nobody to outlive, and many a
 * start is spared a dozen files.
 *
 * @param choose gets the current value
 */
export function takeOomScores(choose: (given: number) => readonly OomScores[]): void {
  choice = choose;
}

/** To be called before a child is started, which inherits what this process has. */
export function settleOwnOomScore(): void {
  const choose = choice;
  if (choose === undefined) return;
  choice = undefined;
  const had = scoreOf("self");
  if (had === undefined) return;
  scores = choose(had).find(({ own }) => own === had || setScore("self", own) === 0);
  if (scores !== undefined && scores.own !== had) given = had;
}

/** What this process and its children have, or will have; undefined: what comes. */
export function oomScores(): OomScores | undefined {
  settleOwnOomScore();
  return scores;
}

/** Goes back to what this process was started with, before an exec. */
export function restoreOomScore(): void {
  if (given !== undefined) setScore("self", given);
  given = undefined;
}

/** Runs `action` with what this process was started with: an exec that comes back if it fails. */
export function withGivenOomScore<T>(action: () => T): T {
  if (given === undefined || scores === undefined) return action();
  setScore("self", given);
  try {
    return action();
  } finally {
    setScore("self", scores.own);
  }
}

/**
 * Gives a child that has just been started its value: `wanted`, or the one for all children.
 *
 * @returns 0, or `-errno` if it can't have what was wanted; it has the one for all then
 */
export function settleOomScore(pid: number, wanted?: number): number {
  const { own, children = own } = scores ?? {};
  const refusal = wanted === undefined ? 0 : settle(pid, own ?? scoreOf("self"), wanted);
  if ((wanted === undefined || refusal < 0) && own !== children) settle(pid, own, children!);
  return refusal;
}

/** Puts `score` in the place of `inherited`. What has given itself another value keeps that. */
function settle(pid: number, inherited: number | undefined, score: number): number {
  const fd = tryOpen(`/proc/${pid}/oom_score_adj`, O_RDWR);
  if (fd < 0) return fd;
  const result = parseOomScoreAdj(textIn(fd)) === inherited
    ? Math.min(write(fd, encodePath(String(score))), 0)
    : 0;
  close(fd);
  if (result === 0) { for (const child of childrenOf(pid)) settle(child, inherited, score); }
  return result;
}

/** Those that it has had time to fork; none where the kernel was built without that file. */
function childrenOf(pid: number): readonly number[] {
  const fd = tryOpen(`/proc/${pid}/task/${pid}/children`, O_RDONLY);
  if (fd < 0) return [];
  const text = textIn(fd);
  close(fd);
  return text === "" ? [] : text.trim().split(" ").map(Number);
}
