/**
 * What the scan directory's loop needs from the world. `system.ts` is the port on libc, tests have
 * one in memory.
 */
import type { Portions } from "../libc/portions.ts";
import type { Devino, ScanResult } from "./core/scandir.ts";
import type { Event, State } from "../supervise/core/machine.ts";
import type { Svstatus } from "../servicedir/core/svstatus.ts";
import type { Pipe } from "../libc/fd.ts";
import type { Stdio } from "../supervise/port.ts";

/** A supervisor as far as s6-svscan is concerned. */
export interface SupervisorHandle {
  readonly state: State;
  readonly status: Svstatus;
  /** Its process, ./run or ./finish; 0 if none runs. */
  readonly pid: number;
  /** It is up or waits to be, or has ended for good: nobody has asked for it to be down. */
  readonly unasked: boolean;
  handle(event: Event): void;
  /** It has been found to be ready, whether or not it has said so. */
  becameReady(): void;
}

export interface SuperviseRequest {
  readonly name: string;
  /** The directory that is meant, whatever has that name by now. */
  readonly devino: Devino;
  readonly stdio: Stdio;
  /**
   * The supervisor has ended. `essentialCode`: what the service's last life ended with, 128 +
   * signal for a signal, if it is essential.
   */
  onEnd(essentialCode: number | undefined): void;
  /**
   * The service is essential and has come to its end for good, by itself. `code`: its exit code, or
   * 128 + signal.
   */
  onEssentialEnd(code: number): void;
}

/** A log of what a service without a logger writes, on our standard output with its name. */
export interface OutputLog {
  /** The service is gone: what it has left is still read. */
  end(): void;
}

/** A look at the scan directory. */
export interface PortListing {
  /**
   * Looks at some names. Returns what was found when all have been looked at. @throws
   * {SyscallError} If it can't be entered.
   */
  next(): ScanResult | undefined;
}

export interface ScandirPort {
  monotonicMs(): number;
  /** Takes what is too much for one turn. */
  readonly portions: Portions;
  /**
   * The service directories that are there now; to be looked at in the process's time. @throws
   * {SyscallError} If the scan directory can't be read.
   */
  list(): PortListing;
  /** @throws {SyscallError} If there is no descriptor left. */
  pipe(): Pipe;
  close(fd: number): void;
  /** Does the pipe hold what nobody has read? */
  hasUnread(readFd: number): boolean;
  /**
   * Begins to supervise. @throws {SyscallError | UnsuitableError} If the directory can't be
   * supervised now.
   */
  supervise(service: SuperviseRequest): SupervisorHandle;
  /**
   * Begins to read what a service without a logger writes; the descriptor is no longer the loop's.
   * `onEnd`: all of it is written.
   */
  logOutput(service: string, readFd: number, onEnd: () => void): OutputLog;
  /** Calls the loop's `wake` at a monotonic moment; replaces what was set before. */
  setTimer(atMs: number | undefined): void;
  /** Runs `.s6-svscan/SIGNAME` if it is executable. Returns whether it was started. */
  runSignalProgram(signal: string): boolean;
  /**
   * The first scan's services have all been begun: what only the start needed can be given back.
   */
  settle(): void;
  /**
   * Lets go of our standard output and error, so that the catch-all logger that reads them comes to
   * its end.
   */
  releaseOutput(): void;
  reap(): void;
  warn(text: string): void;
}
