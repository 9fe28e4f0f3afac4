/**
 * What s6-svscan's side of the log hosts needs from the world: processes that are log hosts.
 * `host_process.ts` has it on libc, tests in memory.
 */
import type { LogHostReport, LogHostRequest, LogId } from "./core/log_host_protocol.ts";
import type { LogScript } from "../logdir/core/log_script.ts";

/** As whom a log host runs. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups. */
  readonly groups: readonly number[];
}

export interface HostEvents {
  onReport(report: LogHostReport): void;
  /** It is dead; what it had reported before has been told. */
  onDeath(wstat: number): void;
}

export interface HostProcess {
  readonly pid: number;
  /**
   * Never waits: what there is no room for is sent later. The descriptors must stay open until
   * then.
   */
  send(request: LogHostRequest, fds?: readonly number[]): void;
  /** What is still to be sent about a log is not sent any more. */
  unsend(id: LogId): void;
  /** Lets it end by itself; no more callbacks. */
  leave(): void;
  kill(): void;
}

export interface LogHostsPort {
  /**
   * As whom a log runs that names `user`, a name or `UID:GID`; `undefined`: as we do.
   *
   * @throws {SyntaxError} If there is no such user.
   * @throws {SyscallError} If that can't be told, or we may not become somebody else.
   */
  identityOf(user: string): Identity | undefined;
  /**
   * The file systems on which the script writes that may hang without everything else, in one word;
   * empty if there are none.
   */
  fileSystemsOf(script: LogScript, directoryFd: number): string;
  /** Makes the log directories that are not there, with their parents, the log's own. */
  makeLogdirs?(script: LogScript, directoryFd: number, owner: Identity | undefined): void;
  /** Starts a log host. @throws {SyscallError} If that fails. */
  launch(identity: Identity | undefined, events: HostEvents): HostProcess;
  warn(text: string): void;
}
