/**
 * What s6-svscan's side of the log hosts needs from the world: log host processes.
 * `host_process.ts` implements it on libc; tests have an implementation in memory.
 */
import type { LogHostReport, LogHostRequest, LogId } from "./core/log_host_protocol.ts";
import type { LogScript } from "../logdir/core/log_script.ts";

/** The user that a log host runs as. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
  /** The supplementary groups. */
  readonly groups: readonly number[];
}

export interface HostEvents {
  onReport(report: LogHostReport): void;
  /** It is dead; all its earlier reports have been delivered. */
  onDeath(wstat: number): void;
}

export interface HostProcess {
  readonly pid: number;
  /**
   * Never blocks: if there is no room, the request is sent later. The descriptors must stay open
   * until then; that of a reader, or of one who asks for counts, is closed when it is sent.
   */
  send(request: LogHostRequest, fds?: readonly number[]): void;
  /** Our end of the socket to it; `undefined` if it has still to be sent something. */
  readonly socketFd: number | undefined;
  /** Drops unsent requests about a log. */
  unsend(id: LogId): void;
  /** Lets it end by itself. No more callbacks follow. */
  leave(): void;
  kill(): void;
}

export interface LogHostsPort {
  /**
   * The identity of a log that names `user`, a name or `UID:GID`; `undefined`: our own.
   *
   * @throws {SyntaxError} If there is no such user.
   * @throws {SyscallError} If that can't be found out, or we may not change user.
   */
  identityOf(user: string): Identity | undefined;
  /**
   * The file systems that the script writes to and that may hang while everything else goes on,
   * joined to one word; empty if there are none.
   */
  fileSystemsOf(script: LogScript, directoryFd: number): string;
  /** Makes missing log directories, with their parents, and gives them to the log's user. */
  makeLogdirs?(script: LogScript, directoryFd: number, owner: Identity | undefined): void;
  /** Starts a log host. @throws {SyscallError} If that fails. */
  launch(identity: Identity | undefined, events: HostEvents): HostProcess;
  /** Goes on with one that an earlier program in this process has started. */
  goOn(pid: number, socketFd: number, events: HostEvents): HostProcess;
  close(fd: number): void;
  /** A copy of a descriptor; or `-errno`. */
  copy(fd: number): number;
  /**
   * The output of one more service is kept, and clients may ask for it (`LogHosts.serveReader`).
   * Absent: nobody can ask, and nothing is kept.
   */
  readonly onKeeping?: () => void;
  warn(text: string): void;
}
