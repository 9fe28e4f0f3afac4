/**
 * What `hexad check` wants to know of files. Nothing here follows a symbolic link, opens what is no
 * regular file, or waits.
 */

export type FileType = "file" | "directory" | "link" | "fifo" | "other";

export interface FileRecord {
  readonly type: FileType;
  /** Permission and type bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** The same for two names of one file. */
  readonly identity: string;
}

/** Names in a directory, up to a limit. */
export interface Names {
  readonly names: readonly string[];
  readonly truncated: boolean;
}

export interface CheckPort {
  /** Undefined if there is none; text: why it can't be looked at. */
  record(path: string): FileRecord | undefined | string;
  /** Where a link leads, as it is written. */
  target(path: string): string | undefined;
  /** In the order of their bytes; text: why they can't be read. */
  names(path: string): Names | string;
  /** Does C's supervisor hold that lock? */
  isHeldByC(lock: string): boolean;
  /** The first `limit` bytes of a regular file; text: why they can't be read. */
  read(path: string, limit: number): Uint8Array | string;
}
