/**
 * Loggers that are not processes: a log service with a `logscript` instead of a `run` is one of
 * many logs in a log host. To its supervisor it is like a process that is started, signalled, and
 * dies. lib/loghost has the implementation.
 */

/** What a log is to read, to do, and whom it tells. */
export interface HostedLogOrder {
  /** The service whose lines these are. */
  readonly service: string;
  /** The content of `logscript`. */
  readonly logscript: Uint8Array;
  /** Copied: the caller keeps its own, which must stay open as long as the log has not ended. */
  readonly inputFd: number;
  /** The directory in which relative paths are meant; as `inputFd`. */
  readonly directoryFd: number;
  /** Its standard error is the console. */
  readonly stderrIsConsole: boolean;
  /** `o` writes to our own standard output, whatever the container's is. */
  readonly ownOutput?: boolean;
  /** All that it writes to is open. */
  onReady(): void;
  /**
   * It is over, with the wait status of the s6-log that it stands for; `reason`: why it could not
   * begin, else empty.
   */
  onEnd(wstat: number, reason: string): void;
  warn(text: string): void;
}

export interface HostedLog {
  /** The log host's process. */
  readonly pid: number;
  /** Does to this log what the signal would do to an s6-log of its own; to nobody else anything. */
  signal(signal: number): void;
  /** Ends it when it has read what is there now, whoever else may hold the pipe. */
  readRest(): void;
  /** Nobody wants to hear of it any more: it goes on to the end of its input. */
  abandon(): void;
}

export interface LogHosting {
  /**
   * Begins a log; a log host is started if there is none for its user.
   *
   * @throws {SyntaxError} If the script or its user is not there or wrong.
   * @throws {SyscallError} If no log host can be started.
   */
  start(order: HostedLogOrder): HostedLog;
  /** Makes all log hosts let go of the standard output and error that they were started with. */
  releaseOutput(): void;
}
