/** Log hosts as they are handed over to another program in the same process. Pure. */

export interface HeldHost {
  readonly key: string;
  /** By which the logscript names it; empty for our own. */
  readonly user: string;
  readonly pid: number;
  readonly socketFd: number;
}

export interface HeldHosts {
  /** The last id that a log was given. */
  readonly lastId: number;
  /** Logs that have delayed others. */
  readonly slow: readonly string[];
  /** Output of services is kept in one of them. */
  readonly keeps: boolean;
  readonly all: readonly HeldHost[];
}
