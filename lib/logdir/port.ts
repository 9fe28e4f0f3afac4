/**
 * What a log directory needs from the world: its files, a thread for fsync, a processor.
 * `system.ts` is the port on libc. Names are relative to it.
 */

export interface LogFileStat {
  readonly executable: boolean;
  readonly size: number;
  /** Hard links: two while a file has both its archive name and its old one. */
  readonly links: number;
}

/** Every function that fails throws a SyscallError. */
export interface LogdirPort {
  /** `undefined` if there is no such file. */
  stat(name: string): LogFileStat | undefined;
  /** Removing what is not there is no error. */
  unlink(name: string): void;
  link(from: string, to: string): void;
  rename(from: string, to: string): void;
  /** Opens for appending, creating it; the descriptor. */
  openAppend(name: string): number;
  truncate(name: string): void;
  close(fd: number): void;
  /** Has the open file no name any more? */
  isRemoved(fd: number): boolean;
  /** Makes the directory and takes its lock, both again if somebody has removed them. */
  claim(): void;
  /** Gives the lock up: nobody writes there any more. */
  unclaim(): void;
  /** Marks an open file as finished (u+x), or takes that back. */
  setFinished(fd: number, finished: boolean): void;
  /** One write. The number of bytes taken. */
  write(fd: number, bytes: Uint8Array<ArrayBuffer>): number;
  /** Brings a file to the disk, beside everything else. Resolves to whether that worked. */
  sync(fd: number): Promise<boolean>;
  list(): readonly string[];
  /** The 25 characters of a TAI64N stamp for now. */
  stamp(): string;
  /** Runs the processor on `previous`. Resolves to what went wrong with it, or `undefined`. */
  process(command: string, shell: boolean): Promise<string | undefined>;
  /** Calls back after `delayMs`, unless that is disposed of. */
  later(delayMs: number, callback: () => void): Disposable;
  warn(text: string): void;
}
