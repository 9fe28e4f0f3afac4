/**
 * What the scan directory's loop needs from the world. `system.ts` implements it on libc; tests
 * have an implementation in memory.
 */
import type { ServiceCounts } from "../counters/core/counts.ts";
import type { Portions } from "../libc/portions.ts";
import type { Devino, ScanResult } from "./core/scandir.ts";
import type { HeldSupervisor } from "../supervise/core/held_supervisor.ts";
import type { Event, State } from "../supervise/core/machine.ts";
import type { Svstatus } from "../servicedir/core/svstatus.ts";
import type { Pipe } from "../libc/fd.ts";
import type { Stdio } from "../supervise/port.ts";

/** What s6-svscan needs of a supervisor. */
export interface SupervisorHandle {
  readonly state: State;
  readonly status: Svstatus;
  /** Its process, ./run or ./finish; 0 if none runs. */
  readonly pid: number;
  /** It is up or waits to be, or has ended for good: nobody has ordered it down. */
  readonly unasked: boolean;
  /** What it has counted; absent: its process is another one. */
  readonly counts?: Omit<ServiceCounts, "name">;
  handle(event: Event): void;
  /** A probe has found it ready, whether or not it has reported that itself. */
  becameReady(): void;
  /** What another program in this process needs to go on with it; or why it can't, in words. */
  handOver(): HeldSupervisor | string;
  /** It has not been handed over after all. */
  keep(): void;
}

export interface SuperviseRequest {
  readonly name: string;
  /** Identifies the directory, even if another one has its name by now. */
  readonly devino: Devino;
  readonly stdio: Stdio;
  /** An earlier program in this process had it: the supervisor goes on where that was. */
  readonly held?: HeldSupervisor;
  /**
   * The supervisor has ended. `essentialCode`: the exit code of the service's last life, 128 +
   * signal for a signal, if it is essential.
   */
  onEnd(essentialCode: number | undefined): void;
  /**
   * The service is essential and has ended for good, by itself. `code`: its exit code, or 128 +
   * signal.
   */
  onEssentialEnd(code: number): void;
}

/** Copies the output of a service without a logger to our standard output, with its name. */
export interface OutputLog {
  /** The service has gone: the rest of its output is still read. */
  end(): void;
}

/** A look at the scan directory. */
export interface PortListing {
  /**
   * Looks at some names. Returns the result once it has looked at all of them. @throws
   * {SyscallError} If it can't be entered.
   */
  next(): ScanResult | undefined;
}

export interface ScandirPort {
  monotonicMs(): number;
  /** Runs work that is too much for one turn. */
  readonly portions: Portions;
  /**
   * Begins to list the service directories that exist now; the caller reads the list in portions.
   * @throws {SyscallError} If the scan directory can't be read.
   */
  list(): PortListing;
  /** @throws {SyscallError} If there are no descriptors left. */
  pipe(): Pipe;
  /**
   * The pipe between a service and its logger, or the log of its output, that a killed s6-svscan
   * has left; undefined if there is none.
   *
   * @throws {SyscallError} As `pipe`.
   */
  formerPipe(producer: string, logger?: string): Pipe | undefined;
  close(fd: number): void;
  /** Whether the pipe holds unread bytes. */
  hasUnread(readFd: number): boolean;
  /**
   * Begins to supervise. @throws {SyscallError | UnsuitableError} If the directory can't be
   * supervised now.
   */
  supervise(service: SuperviseRequest): SupervisorHandle;
  /**
   * Begins to read the output of a service without a logger, and takes over the descriptor.
   * `onEnd`: everything has been written.
   */
  logOutput(service: string, readFd: number, onEnd: () => void): OutputLog;
  /** Calls the loop's `wake` at a monotonic moment; replaces what was set before. */
  setTimer(atMs: number | undefined): void;
  /** Runs `.s6-svscan/SIGNAME` if it is executable. Returns whether it was started. */
  runSignalProgram(signal: string): boolean;
  /**
   * All services of the first scan have started: memory that only the start needed can be given
   * back.
   */
  settle(): void;
  /** Closes our standard output and error, so that the catch-all logger reaches its end of file. */
  releaseOutput(): void;
  reap(): void;
  warn(text: string): void;
}
