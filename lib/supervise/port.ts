/**
 * What a supervisor needs from the world: one service directory, its processes, the clock.
 * `system.ts` is the port on libc, tests have one in memory. Names are relative to the service
 * directory.
 */
import type { Moment } from "./core/machine.ts";

/** What ./run is started with besides its name. */
export interface RunOptions {
  /** The descriptor on which the service writes a newline when it is ready. */
  readonly notificationFd?: number;
  /** The descriptor that holds the lock against a second instance. */
  readonly lockFd?: number;
  readonly newPidNamespace: boolean;
  /** How soon the kernel is to kill it when memory is short; absent: as all children of ours. */
  readonly oomScoreAdj?: number;
}

/**
 * The descriptors of this process that a service gets as its own 0, 1 and 2; absent: what we have
 * there. Looked at whenever something is spawned.
 */
export interface Stdio {
  readonly stdin?: number | undefined;
  readonly stdout?: number | undefined;
  readonly stderr?: number | undefined;
}

export type SpawnResult =
  | { readonly pid: number }
  /**
   * `missing`: there is no such file. `reason`: what failed, why, and what to do about it; one
   * line.
   */
  | { readonly missing: boolean; readonly reason: string };

/** Who hears what becomes of a sweep: how many of the leftovers live; 0: it is over. */
export type SweepListener = (living: number) => void;

export interface SupervisePort {
  moment(): Moment;
  /**
   * The names in the directory; `undefined` if that can't be told cheaply: it can't be read, or is
   * large.
   */
  names(): ReadonlySet<string> | undefined;
  /**
   * The first bytes of a file; `undefined` if there is none. @throws {SyscallError} If it can't be
   * read.
   */
  read(name: string): Uint8Array | undefined;
  /** @throws {SyscallError} If that can't be told. */
  exists(name: string): boolean;
  /** @throws {SyscallError} If it can't be created. */
  createEmpty(name: string): void;
  /** Removes a file, if it is there. @throws {SyscallError} If it can't be removed. */
  remove(name: string): void;
  /**
   * Replaces a file under supervise/ in one step. @throws {SyscallError} If it can't be written;
   * the old one then stands.
   */
  replace(name: string, bytes: Uint8Array<ArrayBuffer>): void;
  /**
   * Sends events to whoever listens on event/. @throws {SyscallError} If the fifodir can't be read.
   */
  notify(events: string): void;
  /** The highest number that a descriptor of a child may have, plus one. */
  descriptorLimit(): number;
  /** Starts ./run; its newline on the notification descriptor arrives as `becameReady`. */
  spawnRun(options: RunOptions): SpawnResult;
  /** Starts ./finish with these arguments after its name. */
  spawnFinish(args: readonly string[]): SpawnResult;
  /** The process that lives of those that this has started; `undefined`: none. */
  livingChild(): number | undefined;
  /** Stops listening on the notification descriptor. */
  closeNotification(): void;
  /**
   * Sends a signal to a process, or to a group if `pid` is negative. A process that is gone already
   * is no error.
   */
  kill(pid: number, signal: number): void;
  /**
   * Sends a signal (with SIGCONT, unless it is SIGKILL) to whatever lives of the session and the
   * process group of ./run, which was `pid` and is dead, and to what of it turns up later; never to
   * anybody else. Tells `onLeftovers` soon, never from inside this call, and again whenever one of
   * them has died, until none is left. Another call for the same `pid` replaces the signal.
   */
  sweep(pid: number, signal: number, onLeftovers: SweepListener): void;
  /** Lets go of what is left; the listener hears no more. */
  endSweep(): void;
  /**
   * Has the kernel killed for want of memory, in the cgroup that we are in, since this was last
   * asked? One kill is one yes.
   */
  claimOomKill(): boolean;
  /**
   * Calls the supervisor's `timeout` at a monotonic moment; replaces what was set before;
   * `undefined`: not at all.
   */
  setTimer(atMs: number | undefined): void;
  /** From now on children get /dev/null as standard input and output. */
  closeStdio(): void;
  warn(text: string): void;
}
