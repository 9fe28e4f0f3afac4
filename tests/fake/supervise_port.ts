/**
 * A service directory in memory, with processes that are numbers and a clock that the test moves.
 * What the supervisor does to it is recorded as one word each: `run 1000`, `kill 1000 15`, `status
 * pid 1000 wanted`, `event u`, `warn ...`.
 */
import { decodePath, encodePath } from "../../lib/core/text/path_bytes.ts";
import type { Moment } from "../../lib/supervise/core/machine.ts";
import type { LivingChild } from "../../lib/supervise/core/ongoing.ts";
import { type Svstatus, unpackSvstatus } from "../../lib/servicedir/core/svstatus.ts";
import { tainFromUnix } from "../../lib/core/time/tain.ts";
import { SyscallError } from "../../lib/libc/bind.ts";
import type {
  RunOptions,
  SpawnResult,
  SupervisePort,
  SweepListener,
} from "../../lib/supervise/port.ts";

const FIRST_PID = 1000;
const STATUS = "supervise/status";

/** What can be made to fail: a call as a whole, or for one file. */
export type Operation =
  | "read"
  | "exists"
  | "create"
  | "remove"
  | "replace"
  | "notify"
  | `${"read" | "exists" | "replace"} ${string}`;

function statusWords({ pid, flagpaused, flagfinishing, flagwantup, flagready }: Svstatus): string {
  const flags = [[flagwantup, "wanted"], [flagready, "ready"], [flagpaused, "paused"], [
    flagfinishing,
    "finishing",
  ]] as const;
  return [`pid ${pid}`, ...flags.flatMap(([on, word]) => on ? [word] : [])].join(" ");
}

export class FakeSupervisePort implements SupervisePort {
  readonly files = new Map<string, Uint8Array>();
  /** Everything that was done, in order. */
  readonly done: string[] = [];
  /** The events that listeners got, all in one string. */
  events = "";
  nowMs = 5_000_000;
  /** What the system's clock is off by. */
  wallclockOffsetMs = 0;
  timerAtMs: number | undefined;
  /** The one process that lives: ./run or ./finish. */
  livePid: number | undefined;
  /** What the next spawns of these fail with, if anything. */
  readonly refusals: { run?: string; finish?: string } = {};
  /** Whether there is no ./run at all. */
  isRunMissing = false;
  /** Whether the directory can be read in one look, and how often that was done. */
  isSmall = true;
  looks = 0;
  /** The directory has been removed. */
  gone = false;
  /** How many kills of the kernel nobody has claimed. */
  oomKills = 0;
  #sweepListener: SweepListener | undefined;
  readonly #faults = new Map<Operation, number>();
  #nextPid = FIRST_PID;

  constructor(files: Readonly<Record<string, string>>) {
    for (const [name, content] of Object.entries(files)) this.files.set(name, encodePath(content));
  }

  /** From now on `operation` fails with `errno`; 0: no longer. */
  fail(operation: Operation, errno: number): void {
    this.#faults.set(operation, errno);
  }

  #attempt(operation: Operation, name = ""): void {
    const errno = this.#faults.get(`${operation} ${name}` as Operation) ||
      this.#faults.get(operation) || 0;
    if (errno > 0) throw new SyscallError(`${operation} ${name}`, errno);
  }

  moment(): Moment {
    const unixMs = 1_700_000_000_000 + this.nowMs + this.wallclockOffsetMs;
    return {
      monotonicMs: this.nowMs,
      wallclock: tainFromUnix(Math.floor(unixMs / 1000), (unixMs % 1000) * 1_000_000),
    };
  }

  names(): ReadonlySet<string> | undefined {
    this.looks++;
    if (!this.isSmall) return undefined;
    const faulty = [...this.#faults.keys()].map((operation) => operation.split(" ")[1] ?? "");
    return new Set([...this.files.keys(), ...faulty]);
  }

  read(name: string): Uint8Array | undefined {
    this.#attempt("read", name);
    return this.files.get(name);
  }

  exists(name: string): boolean {
    this.#attempt("exists", name);
    return this.files.has(name);
  }

  isGone(): boolean {
    return this.gone;
  }

  createEmpty(name: string): void {
    this.#attempt("create");
    this.done.push(`create ${name}`);
    this.files.set(name, new Uint8Array());
  }

  remove(name: string): void {
    this.#attempt("remove");
    if (this.files.delete(name)) this.done.push(`remove ${name}`);
  }

  replace(name: string, bytes: Uint8Array<ArrayBuffer>): void {
    this.#attempt("replace", name);
    this.files.set(name, bytes.slice());
    if (name === STATUS) this.done.push(`status ${statusWords(this.status)}`);
    else this.done.push(`write ${name}`);
  }

  get status(): Svstatus {
    return unpackSvstatus(this.files.get(STATUS)!);
  }

  notify(events: string): void {
    this.#attempt("notify");
    this.events += events;
    this.done.push(`event ${events}`);
  }

  descriptorLimit(): number {
    return 1024;
  }

  #spawn(program: "run" | "finish", words: string): SpawnResult {
    const refusal = this.refusals[program];
    if (refusal !== undefined) {
      this.done.push(`no ${program}`);
      return { missing: program === "run" && this.isRunMissing, reason: refusal };
    }
    if (this.livePid !== undefined) {
      throw new Error(`${program} is spawned while ${this.livePid} lives`);
    }
    this.livePid = this.#nextPid++;
    this.done.push(`${program} ${this.livePid}${words}`);
    return { pid: this.livePid };
  }

  spawnRun({ notificationFd, lockFd, newPidNamespace, oomScoreAdj }: RunOptions): SpawnResult {
    const words = [
      notificationFd === undefined ? "" : ` ready on ${notificationFd}`,
      lockFd === undefined ? "" : ` locked on ${lockFd}`,
      newPidNamespace ? " in a namespace" : "",
      oomScoreAdj === undefined ? "" : ` to be killed at ${oomScoreAdj}`,
    ];
    return this.#spawn("run", words.join(""));
  }

  spawnFinish(args: readonly string[]): SpawnResult {
    if (!this.files.has("finish")) return { missing: true, reason: "" };
    return this.#spawn("finish", ` (${args.join(" ")})`);
  }

  goOnWith({ pid }: LivingChild): void {
    this.livePid = pid;
    this.done.push(`goes on with ${pid}`);
  }

  record(): void {
    // nobody comes after the test
  }

  livingChild(): number | undefined {
    return this.livePid;
  }

  closeNotification(): void {
    this.done.push("notification closed");
  }

  kill(pid: number, signal: number): void {
    if (Math.abs(pid) !== this.livePid) {
      throw new Error(`signal ${signal} to ${pid}, which is none of ours`);
    }
    this.done.push(`kill ${pid} ${signal}`);
  }

  sweep(pid: number, signal: number, onLeftovers: SweepListener): void {
    if (pid === this.livePid || pid <= 1) {
      throw new Error(`the session ${pid} is swept, which is none that is dead`);
    }
    this.done.push(`sweep ${pid} ${signal}`);
    this.#sweepListener = onLeftovers;
  }

  /** So many of the leftovers live now. */
  leftovers(living: number): void {
    if (this.#sweepListener === undefined) throw new Error("nobody sweeps");
    this.#sweepListener(living);
  }

  endSweep(): void {
    if (this.#sweepListener !== undefined) this.done.push("sweep over");
    this.#sweepListener = undefined;
  }

  claimOomKill(): boolean {
    this.done.push("oom?");
    return this.oomKills > 0 && this.oomKills-- > 0;
  }

  setTimer(atMs: number | undefined): void {
    this.timerAtMs = atMs;
  }

  closeStdio(): void {
    this.done.push("stdio closed");
  }

  /**
   * What was thrown that nobody should throw: by this world too, whose rules are kept by throwing.
   */
  readonly mishaps: string[] = [];

  warn(text: string): void {
    if (text.startsWith("internal error")) this.mishaps.push(text);
    this.done.push(`warn ${text}`);
  }

  /** The content of a file as text. */
  text(name: string): string | undefined {
    const bytes = this.files.get(name);
    return bytes === undefined ? undefined : decodePath(bytes);
  }
}
