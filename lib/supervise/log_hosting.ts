/**
 * Loggers that are not processes: a log service with a `logscript` instead of a `run` is one of
 * many logs in a log host. Its supervisor treats it like a process: it starts, gets signals, and
 * dies. lib/loghost has the implementation.
 */

import type { HeldLog } from "./core/held_supervisor.ts";

/** What a log reads, what it does, and where it reports. */
export interface HostedLogOrder {
  /** The service whose lines these are. */
  readonly service: string;
  readonly logscript: Uint8Array;
  /** It is copied. The caller keeps its own, which must stay open until the log has ended. */
  readonly inputFd: number;
  /** The directory for relative paths; copied like `inputFd`. */
  readonly directoryFd: number;
  readonly stderrIsConsole: boolean;
  /** `o` writes to our own standard output, even if the container has a different one. */
  readonly ownOutput?: boolean;
  /** Everything that it writes to is open. */
  onReady(): void;
  /**
   * It has ended, with the wait status that an s6-log would have had. `reason`: why it could not
   * start, otherwise empty.
   */
  onEnd(wstat: number, reason: string): void;
  warn(text: string): void;
}

export interface HostedLog {
  /** The log host's process. */
  readonly pid: number;
  /** Does to this log, and to no other, what the signal would do to a separate s6-log. */
  signal(signal: number): void;
  /** Ends it once it has read what is there now, even if another process holds the pipe open. */
  readRest(): void;
  /** Which it is, for a program that goes on in our place. */
  readonly place: Omit<HeldLog, "fifoFd">;
  /** Stops its reports. It goes on to the end of its input. */
  abandon(): void;
}

export interface LogHosting {
  /**
   * Starts a log, and a log host if there is none for its user.
   *
   * @throws {SyntaxError} If the script or its user is missing or wrong.
   * @throws {SyscallError} If no log host can be started.
   */
  start(order: HostedLogOrder): HostedLog;
  /** Goes on with a log that an earlier program in this process has started. */
  goOn(order: HostedLogOrder, place: HostedLog["place"]): HostedLog;
  /** Makes all log hosts close their inherited standard output and error. */
  releaseOutput(): void;
}
