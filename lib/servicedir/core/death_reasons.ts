/**
 * `supervise/reason`: what a supervisor of ours knows of a service's deaths and failed starts
 * besides what s6's status and tally can hold. C s6 does not know the file. A service has none that
 * always starts, whose directory has none of our files, which the kernel has not killed, and which
 * has died less often than its tally can hold.
 *
 * Text, a line for each death that there is something to say of, oldest first: its stamp and words.
 *
 *     @400000006b023dc3008ca8df oom next=@400000006b023dc53b9aca00
 *     @400000006b023dc3008ca8df fault=unable to spawn ./run: it has no execute bit
 *
 *     oom          the kernel has killed it for want of memory
 *     next=STAMP   a delay counts: it is started again then
 *     over=WHY     it is not started again: policy, max-restarts, finish
 *     done         it has ended as it should: exit code 0, its down-signal, or exit-codes-ok
 *     deaths=N     that death was the Nth since the supervisor began
 *     fault=TEXT   why ./run could not be started since then: the rest of the line
 *
 * The stamp is that of the death in the tally, and of the status as long as the service is down; so
 * a line that belongs to neither is an old one, and nobody has to remove it. Before its first start
 * a service has the stamp of its supervisor's beginning. Lines of one stamp belong together.
 * Unknown words are ignored. Pure.
 */
import { printable } from "../../core/text/printable.ts";
import { decodePath, encodePath } from "../../core/text/path_bytes.ts";
import { parseUint } from "../../core/linux/config_file.ts";
import type { Tain } from "../../core/time/tain.ts";
import { compareTain, formatTai64n, parseTai64n } from "../../core/time/tain.ts";

/**
 * Why a service is not started again though nobody has asked for that: by its restart-policy, its
 * max-restarts, its ./finish.
 */
export type Over = "policy" | "max-restarts" | "finish";

/** The most lines that are kept. */
export const MAX_REASONS = 100;
/** Characters of a fault that are kept. */
const MAX_FAULT = 300;
/** The most bytes of all lines. */
export const MAX_REASON_BYTES = 32_768;

export interface DeathReason {
  readonly stamp: Tain;
  readonly oom: boolean;
  /** When it is, or was, to be started again after a delay; by the wall clock of that time. */
  readonly next?: Tain;
  readonly over?: Over;
  /** It has ended as it should. */
  readonly done?: true;
  /** Which death since the supervisor began, from 1. */
  readonly deaths?: number;
  /** Why `run` could not be started since then. Whoever may write the file may write anything. */
  readonly fault?: string;
}

const FAULT = " fault=";
const OVERS: readonly string[] = ["policy", "max-restarts", "finish"] satisfies readonly Over[];

function isOver(word: string): word is Over {
  return OVERS.includes(word);
}

/** The words of a line, without its stamp. */
export function reasonWords({ oom, next, over, done, deaths, fault }: DeathReason): string[] {
  return [
    ...(oom ? ["oom"] : []),
    ...(next === undefined ? [] : [`next=${formatTai64n(next)}`]),
    ...(over === undefined ? [] : [`over=${over}`]),
    ...(done ? ["done"] : []),
    ...(deaths === undefined ? [] : [`deaths=${deaths}`]),
    ...(fault === undefined ? [] : [`fault=${printable(fault)}`]),
  ];
}

function lineOf(reason: DeathReason): string {
  return [formatTai64n(reason.stamp), ...reasonWords(reason)].join(" ");
}

function parseLine(line: string): DeathReason | undefined {
  const end = line.indexOf(FAULT);
  const [first = "", ...words] = (end < 0 ? line : line.slice(0, end)).split(" ");
  const stamp = parseTai64n(first);
  if (stamp === undefined) return undefined;
  let reason: DeathReason = {
    stamp,
    oom: words.includes("oom"),
    ...(words.includes("done") ? { done: true } : {}),
    ...(end < 0 ? {} : { fault: line.slice(end + FAULT.length) }),
  };
  for (const word of words) {
    const [key, value = ""] = word.split("=");
    const next = parseTai64n(value);
    if (key === "next" && next !== undefined) reason = { ...reason, next };
    if (key === "over" && isOver(value)) reason = { ...reason, over: value };
    const deaths = key === "deaths" ? parseUint(value) : undefined;
    if (deaths !== undefined) reason = { ...reason, deaths };
  }
  return reason;
}

function cut(fault: string): string {
  return fault.length > MAX_FAULT ? `${fault.slice(0, MAX_FAULT - 1)}…` : fault;
}

/**
 * The bytes of the file with one more line, the newest kept. What was no line of ours is dropped;
 * so is the fault of the last try, if this is that of the next one.
 */
export function appendReason(bytes: Uint8Array, reason: DeathReason): Uint8Array<ArrayBuffer> {
  const lines = decodePath(bytes).split("\n").filter((line) => parseLine(line) !== undefined);
  const last = lines.length === 0 ? undefined : parseLine(lines.at(-1)!);
  const isRepeated = reason.fault !== undefined && last?.fault !== undefined &&
    compareTain(last.stamp, reason.stamp) === 0;
  const fault = reason.fault === undefined ? {} : { fault: cut(printable(reason.fault)) };
  const line = lineOf({ ...reason, ...fault });
  const kept = [...isRepeated ? lines.slice(0, -1) : lines, line].slice(-MAX_REASONS);
  for (;;) {
    const result = encodePath(kept.map((line) => `${line}\n`).join(""));
    if (result.length <= MAX_REASON_BYTES) return result as Uint8Array<ArrayBuffer>;
    kept.shift();
  }
}

/**
 * The reasons in the file, oldest first. Skips lines in any other form; anybody may have written
 * the file.
 */
export function parseReasons(bytes: Uint8Array): DeathReason[] {
  return decodePath(bytes).split("\n").flatMap((line) => parseLine(line) ?? []);
}

/** What is known of the death with this stamp; `undefined`: nothing. */
export function reasonOf(reasons: readonly DeathReason[], stamp: Tain): DeathReason | undefined {
  const lines = reasons.filter((reason) => compareTain(reason.stamp, stamp) === 0);
  if (lines.length === 0) return undefined;
  return lines.reduce((one, other) => ({ ...one, ...other, oom: one.oom || other.oom }));
}
