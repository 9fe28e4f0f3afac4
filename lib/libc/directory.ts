/**
 * Directories as open descriptors, and what is in them by name: whoever holds the directory can't
 * be led elsewhere by a link that takes the place of a component. Source: openat(2), unlinkat(2),
 * getdents64(2). Functions that return a number return C's result, or `-errno`.
 */
import { decodePath, encodeCString } from "../core/text/path_bytes.ts";
import { bindLibrary, call, SyscallError } from "./bind.ts";
import { O_CLOEXEC } from "../core/linux/open_flags.ts";

/** In place of a directory's descriptor: the process's directory. */
export const AT_FDCWD = -100;
const AT_REMOVEDIR = 0x200;
const SEEK_SET = 0;
const DIRENT_RECLEN = 16;
const DIRENT_NAME = 19;

const libc = bindLibrary({
  openat: {
    parameters: [
      "i32", // int dirfd
      "buffer", // const char *pathname
      "i32", // int flags
      "u32", // mode_t mode
    ],
    result: "i32",
  },
  unlinkat: {
    parameters: [
      "i32", // int dirfd
      "buffer", // const char *pathname
      "i32", // int flags
    ],
    result: "i32",
  },
  getdents64: { parameters: ["i32", "buffer", "usize"], result: "i32" },
  lseek: {
    parameters: [
      "i32", // int fd
      "i64", // off_t offset
      "i32", // int whence
    ],
    result: "i64",
  },
});

/** Opens `name` in the directory `dirFd`. The descriptor is close-on-exec. */
export function openAt(dirFd: number, name: string, flags: number, mode = 0): number {
  return call(libc.openat, dirFd, encodeCString(name), flags | O_CLOEXEC, mode);
}

/** Removes a file or a link, which is not followed; `-EISDIR` for a directory. */
export function unlinkAt(dirFd: number, name: string): number {
  return call(libc.unlinkat, dirFd, encodeCString(name), 0);
}

/** Removes an empty directory. */
export function rmdirAt(dirFd: number, name: string): number {
  return call(libc.unlinkat, dirFd, encodeCString(name), AT_REMOVEDIR);
}

/** Lets `readNames` begin anew. */
export function rewind(dirFd: number): void {
  libc.lseek(dirFd, 0n, SEEK_SET);
}

const direntBuffer = new Uint8Array(32768);

/**
 * Some more of the names in an open directory, `.` and `..` among them, in the order of the file
 * system; none when all have been given.
 *
 * @param action Tells what is being done, for the message.
 * @throws {SyscallError} If it can't be read.
 */
export function readNames(dirFd: number, action: () => string): string[] {
  const length = call(libc.getdents64, dirFd, direntBuffer, BigInt(direntBuffer.length));
  if (length < 0) throw new SyscallError(action(), -length);
  const names: string[] = [];
  for (let at = 0; at < length;) {
    const recordLength = direntBuffer[at + DIRENT_RECLEN]! |
      direntBuffer[at + DIRENT_RECLEN + 1]! << 8;
    const start = at + DIRENT_NAME;
    names.push(decodePath(direntBuffer.subarray(start, direntBuffer.indexOf(0, start))));
    at += recordLength;
  }
  return names;
}

/** Is it the directory itself, or the one above? */
export function isDots(name: string): boolean {
  return name === "." || name === "..";
}
