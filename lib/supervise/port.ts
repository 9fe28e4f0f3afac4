/**
 * What a supervisor needs from the world: one service directory, its processes, the clock.
 * `system.ts` implements it on libc; tests have an implementation in memory. Names are relative to
 * the service directory.
 */
import type { LifeStage } from "../servicedir/core/life_record.ts";
import type { Svstatus } from "../servicedir/core/svstatus.ts";
import type { Moment } from "./core/machine.ts";
import type { LivingChild } from "./core/ongoing.ts";

/** The options for starting ./run, in addition to its name. */
export interface RunOptions {
  /** The descriptor on which the service writes a newline when it is ready. */
  readonly notificationFd?: number;
  /** The descriptor that holds the lock against a second instance. */
  readonly lockFd?: number;
  readonly newPidNamespace: boolean;
  /** How early the kernel should kill it when memory is short; absent: as for all our children. */
  readonly oomScoreAdj?: number;
}

/**
 * The descriptors of this process that a service gets as its own 0, 1 and 2; absent: our own. Read
 * whenever something is spawned.
 */
export interface Stdio {
  readonly stdin?: number | undefined;
  readonly stdout?: number | undefined;
  readonly stderr?: number | undefined;
}

export type SpawnResult =
  | { readonly pid: number }
  /**
   * `missing`: the file does not exist. `reason`: what failed, why, and what to do about it, in one
   * line.
   */
  | { readonly missing: boolean; readonly reason: string };

/** Receives the number of living leftovers during a sweep; 0: it is over. */
export type SweepListener = (living: number) => void;

export interface SupervisePort {
  moment(): Moment;
  /**
   * The names in the directory; `undefined` if that is too expensive to find out, because it can't
   * be read or is large.
   */
  names(): ReadonlySet<string> | undefined;
  /**
   * The first bytes of a file; `undefined` if there is none. @throws {SyscallError} If it can't be
   * read.
   */
  read(name: string): Uint8Array | undefined;
  /** @throws {SyscallError} If that can't be found out. */
  exists(name: string): boolean;
  /** Whether the directory itself has been removed. */
  isGone(): boolean;
  /** @throws {SyscallError} If it can't be created. */
  createEmpty(name: string): void;
  /** Removes a file, if it exists. @throws {SyscallError} If it can't be removed. */
  remove(name: string): void;
  /**
   * Replaces a file under supervise/ in one step. @throws {SyscallError} If it can't be written;
   * the old one remains.
   */
  replace(name: string, bytes: Uint8Array<ArrayBuffer>): void;
  /**
   * Sends events to the listeners on event/. @throws {SyscallError} If the fifodir can't be read.
   */
  notify(events: string): void;
  /** The highest number that a descriptor of a child may have, plus one. */
  descriptorLimit(): number;
  /** Starts ./run; its newline on the notification descriptor arrives as `becameReady`. */
  spawnRun(options: RunOptions): SpawnResult;
  /** Starts ./finish with these arguments after its name. */
  spawnFinish(args: readonly string[]): SpawnResult;
  /**
   * Takes over a process that an earlier supervisor started. Its death and its readiness are told
   * like those of one that was started here. @throws {SyscallError} If it can't be watched.
   */
  goOnWith(child: LivingChild): void;
  /**
   * Writes down for a later supervisor what tells the living process from all others, with the
   * status that is about to be announced. A failure costs only that, and is told once.
   */
  record(status: Svstatus, stage: LifeStage): void;
  /** The living process of this port; `undefined`: none. */
  livingChild(): number | undefined;
  /** Stops listening on the notification descriptor. */
  closeNotification(): void;
  /**
   * Sends a signal to a process, or to a group if `pid` is negative. A process that has already
   * gone is not an error.
   */
  kill(pid: number, signal: number): void;
  /**
   * Sends a signal (with SIGCONT, unless it is SIGKILL) to every living process in the session and
   * the process group of the dead ./run, which was `pid`, also to those that turn up later, and to
   * no other process. Calls `onLeftovers` soon, but never from inside this call, and again whenever
   * one of them has died, until none is left. Another call for the same `pid` replaces the signal.
   */
  sweep(pid: number, signal: number, onLeftovers: SweepListener): void;
  /** Gives up what is left. The listener is not called again. */
  endSweep(): void;
  /**
   * Whether the kernel has killed a process of our cgroup for lack of memory since the last call.
   * Each kill gives one true.
   */
  claimOomKill(): boolean;
  /**
   * Calls the supervisor's `timeout` at a monotonic time. Replaces what was set before.
   * `undefined`: not at all.
   */
  setTimer(atMs: number | undefined): void;
  /** From now on children get /dev/null as standard input and output. */
  closeStdio(): void;
  warn(text: string): void;
}
