/**
 * What a file is. Source: stat(2); bits/struct_stat.h for both machines.
 *
 * Marking a file as just used. Source: futimens(3).
 */
import { MACHINE } from "../core/linux/machine.ts";
import { encodeCString } from "../core/text/path_bytes.ts";
import { bindLibrary, call, checked } from "./bind.ts";
import { O_CREAT, O_NONBLOCK, O_WRONLY } from "../core/linux/open_flags.ts";
import { close, tryOpen } from "./file.ts";

export const S_IFMT = 0o170000;
export const S_IFIFO = 0o010000;
export const S_IFCHR = 0o020000;
export const S_IFDIR = 0o040000;
export const S_IFBLK = 0o060000;
export const S_IFREG = 0o100000;
export const S_IFLNK = 0o120000;
export const S_IFSOCK = 0o140000;

export interface Stat {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** Hard links. */
  readonly links: number;
  /** When its content last changed: milliseconds of Unix time. */
  readonly mtimeMs: number;
  /** Which device it is, if it is one. */
  readonly rdev: bigint;
}

/** Device and inode, which tell a file from all others. */
export function fileKey({ dev, ino }: Pick<Stat, "dev" | "ino">): string {
  return `${dev}:${ino}`;
}

const libc = bindLibrary({
  stat: { parameters: ["buffer", "buffer"], result: "i32" },
  lstat: { parameters: ["buffer", "buffer"], result: "i32" },
  fstat: { parameters: ["i32", "buffer"], result: "i32" },
  fstatat: {
    parameters: [
      "i32", // int dirfd
      "buffer", // const char *pathname
      "buffer", // struct stat *statbuf
      "i32", // int flags
    ],
    result: "i32",
  },
  futimens: {
    parameters: [
      "i32", // int fd
      "pointer", // const struct timespec times[2]
    ],
    result: "i32",
  },
});

const AT_SYMLINK_NOFOLLOW = 0x100;
const FIELDS = MACHINE.stat;
const record = new DataView(new ArrayBuffer(FIELDS.size));
const recordBytes = new Uint8Array(record.buffer);

function millisecondsAt(offset: number): number {
  return Number(record.getBigInt64(offset, true)) * 1000 +
    Number(record.getBigInt64(offset + 8, true)) / 1e6;
}

function unpack(): Stat {
  return {
    dev: record.getBigUint64(0, true),
    ino: record.getBigUint64(8, true),
    mode: record.getUint32(FIELDS.mode, true),
    uid: record.getUint32(FIELDS.uid, true),
    gid: record.getUint32(FIELDS.gid, true),
    size: Number(record.getBigInt64(48, true)),
    links: FIELDS.sizeofLinks === 4
      ? record.getUint32(FIELDS.links, true)
      : Number(record.getBigUint64(FIELDS.links, true)),
    mtimeMs: millisecondsAt(88),
    rdev: record.getBigUint64(FIELDS.rdev, true),
  };
}

/** Follows symbolic links. Returns the record, or `-errno`. */
export function tryStat(path: string): Stat | number {
  const result = call(libc.stat, encodeCString(path), recordBytes);
  return result < 0 ? result : unpack();
}

export interface FileTimes {
  /** Nanoseconds since the epoch. */
  readonly modified: bigint;
  readonly accessed: bigint;
}

/** When the file was last written and read, as exactly as the system knows; or `-errno`. */
export function tryFileTimes(path: string): FileTimes | number {
  const result = call(libc.stat, encodeCString(path), recordBytes);
  if (result < 0) return result;
  const nanoseconds = (offset: number): bigint =>
    record.getBigInt64(offset, true) * 1_000_000_000n + record.getBigInt64(offset + 8, true);
  return { modified: nanoseconds(88), accessed: nanoseconds(72) };
}

/**
 * When a file or a directory, by its path or a descriptor, last changed in any way: milliseconds of
 * Unix time. Undefined if that can't be told.
 */
export function changeMs(file: string | number): number | undefined {
  const result = typeof file === "number"
    ? call(libc.fstat, file, recordBytes)
    : call(libc.stat, encodeCString(file), recordBytes);
  return result < 0 ? undefined : millisecondsAt(104);
}

/** Does not follow a symbolic link. Returns the record, or `-errno`. */
export function tryLstat(path: string): Stat | number {
  const result = call(libc.lstat, encodeCString(path), recordBytes);
  return result < 0 ? result : unpack();
}

/**
 * Looks at `name` in an open directory and does not follow a symbolic link. Returns the record, or
 * `-errno`.
 */
export function tryLstatAt(dirFd: number, name: string): Stat | number {
  const result = call(libc.fstatat, dirFd, encodeCString(name), recordBytes, AT_SYMLINK_NOFOLLOW);
  return result < 0 ? result : unpack();
}

/** @throws {SyscallError} If `path` can't be looked at. */
export function stat(path: string): Stat {
  const result = tryStat(path);
  if (typeof result !== "number") return result;
  checked(`stat ${path}`, result);
  throw new RangeError("stat returned a positive number");
}

/** The record of an open descriptor, or `-errno`. */
export function tryFstat(fd: number): Stat | number {
  const result = call(libc.fstat, fd, recordBytes);
  return result < 0 ? result : unpack();
}

/** @throws {SyscallError} If `fd` is not open. */
export function fstat(fd: number): Stat {
  checked(`fstat ${fd}`, call(libc.fstat, fd, recordBytes));
  return unpack();
}

/** Has the open file no name any more? @throws {SyscallError} If `fd` is not open. */
export function isNameless(fd: number): boolean {
  checked(`fstat ${fd}`, call(libc.fstat, fd, recordBytes));
  return record.getUint32(FIELDS.links, true) === 0;
}

export function isFifo(mode: number): boolean {
  return (mode & S_IFMT) === S_IFIFO;
}

export function isDirectory(mode: number): boolean {
  return (mode & S_IFMT) === S_IFDIR;
}

export function isSocket(mode: number): boolean {
  return (mode & S_IFMT) === S_IFSOCK;
}

export function isRegular(mode: number): boolean {
  return (mode & S_IFMT) === S_IFREG;
}

const NEW_FILE_MODE = 0o666;
/** In place of two times: now. */
const NOW = null;

/**
 * Sets both times of a file to now; creates the file if there is none. @throws {SyscallError} If
 * that can't be done.
 */
export function touch(path: string): void {
  const action = `touch ${path}`;
  const fd = checked(action, tryOpen(path, O_WRONLY | O_NONBLOCK | O_CREAT, NEW_FILE_MODE));
  try {
    checked(action, call(libc.futimens, fd, NOW));
  } finally {
    close(fd);
  }
}
