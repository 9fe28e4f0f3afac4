/**
 * Files by path and descriptor. Paths are strings that may carry any byte (see
 * lib/core/text/path_bytes.ts), relative ones start at the process's directory. Every descriptor
 * opened here is close-on-exec.
 *
 * Functions that return a number return C's result, or `-errno`; the others throw.
 */
import { O_CLOEXEC, O_DIRECTORY, O_NONBLOCK, O_RDONLY } from "../core/linux/open_flags.ts";
import { decodePath, encodeCString } from "../core/text/path_bytes.ts";
import { bindLibrary, call, checked } from "./bind.ts";
import { isDots, readNames } from "./directory.ts";

export const F_OK = 0;
export const X_OK = 1;
export const W_OK = 2;
export const R_OK = 4;

const libc = bindLibrary({
  open: {
    parameters: [
      "buffer", // const char *path
      "i32", // int flags
      "u32", // mode_t mode
    ],
    result: "i32",
  },
  close: { parameters: ["i32"], result: "i32" },
  read: {
    parameters: [
      "i32", // int fd
      "buffer", // void *buf
      "usize", // size_t count
    ],
    result: "i32", // counts stay far below 2 GiB
  },
  write: {
    parameters: [
      "i32", // int fd
      "buffer", // const void *buf
      "usize", // size_t count
    ],
    result: "i32",
  },
  access: { parameters: ["buffer", "i32"], result: "i32" },
  mkdir: { parameters: ["buffer", "u32"], result: "i32" },
  mkfifo: { parameters: ["buffer", "u32"], result: "i32" },
  unlink: { parameters: ["buffer"], result: "i32" },
  rmdir: { parameters: ["buffer"], result: "i32" },
  rename: { parameters: ["buffer", "buffer"], result: "i32" },
  symlink: {
    parameters: [
      "buffer", // const char *target
      "buffer", // const char *linkpath
    ],
    result: "i32",
  },
  readlink: { parameters: ["buffer", "buffer", "usize"], result: "i32" },
  chmod: { parameters: ["buffer", "u32"], result: "i32" },
  chown: { parameters: ["buffer", "u32", "u32"], result: "i32" },
  chdir: { parameters: ["buffer"], result: "i32" },
  fchdir: { parameters: ["i32"], result: "i32" },
  chroot: { parameters: ["buffer"], result: "i32" },
  umask: { parameters: ["u32"], result: "i32" },
  ftruncate: { parameters: ["i32", "i64"], result: "i32" },
});

/** Opens `path`. Returns the descriptor, or `-errno`. */
export function tryOpen(path: string, flags: number, mode = 0): number {
  return call(libc.open, encodeCString(path), flags | O_CLOEXEC, mode);
}

/** Opens `path`. @throws {SyscallError} If it can't be opened. */
export function open(path: string, flags: number, mode = 0): number {
  return checked(`open ${path}`, tryOpen(path, flags, mode));
}

/**
 * Closes a descriptor. An error here says nothing that can be acted on: Linux has released the
 * number anyway.
 */
export function close(fd: number): void {
  if (fd === enteredFd) enteredFd = -1; // another directory may get the number
  libc.close(fd);
}

/** Reads into `buffer`. Returns the number of bytes, 0 at end of file, or `-errno`. */
export function read(fd: number, buffer: Uint8Array<ArrayBuffer>): number {
  return call(libc.read, fd, buffer, BigInt(buffer.length));
}

/** Writes once. Returns the number of bytes taken, or `-errno`. */
export function write(fd: number, bytes: Uint8Array<ArrayBuffer>): number {
  return call(libc.write, fd, bytes, BigInt(bytes.length));
}

/**
 * Writes all of `bytes` to a blocking descriptor. @throws {SyscallError} At the first write that
 * fails.
 */
export function writeAll(fd: number, bytes: Uint8Array<ArrayBuffer>, action = "write"): void {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(checked(action, write(fd, rest)));
}

/**
 * The first read of a file goes here: most files are smaller, and what is made anew for each is
 * garbage.
 */
const firstBlock = new Uint8Array(4096);

/**
 * What there is to read, up to `limit` bytes; or `-errno`. The memory that it takes grows with what
 * has been read, never with `limit`.
 *
 * @param atOnce It is a small regular file: a read that gives less than was asked for is the
 *   last, without one more that gives nothing.
 */
export function readUpTo(
  fd: number,
  limit: number,
  atOnce = false,
): Uint8Array<ArrayBuffer> | number {
  let buffer = firstBlock;
  let length = 0;
  while (length < limit) {
    if (length === buffer.length) {
      const larger = new Uint8Array(Math.min(limit, 2 * length));
      larger.set(buffer);
      buffer = larger;
    }
    const room = buffer.subarray(length, limit);
    const count = read(fd, room);
    if (count < 0) return count;
    length += count;
    if (count === 0 || (atOnce && count < room.length)) break;
  }
  return buffer === firstBlock ? buffer.slice(0, length) : buffer.subarray(0, length);
}

/** Can this process do `mode` (F_OK, R_OK | ...) to `path`? 0, or `-errno`. */
export function access(path: string, mode: number): number {
  return call(libc.access, encodeCString(path), mode);
}

export function mkdir(path: string, mode: number): number {
  return call(libc.mkdir, encodeCString(path), mode);
}

export function mkfifo(path: string, mode: number): number {
  return call(libc.mkfifo, encodeCString(path), mode);
}

export function unlink(path: string): number {
  return call(libc.unlink, encodeCString(path));
}

/** Removes an empty directory. 0, or `-errno`. */
export function rmdir(path: string): number {
  return call(libc.rmdir, encodeCString(path));
}

export function rename(from: string, to: string): number {
  return call(libc.rename, encodeCString(from), encodeCString(to));
}

export function symlink(target: string, path: string): number {
  return call(libc.symlink, encodeCString(target), encodeCString(path));
}

/** The target of a symbolic link, or `-errno` (`-EINVAL`: not a link). */
export function readlink(path: string): string | number {
  const buffer = new Uint8Array(4096);
  const length = call(libc.readlink, encodeCString(path), buffer, BigInt(buffer.length));
  return length < 0 ? length : decodePath(buffer.subarray(0, length));
}

export function chmod(path: string, mode: number): number {
  return call(libc.chmod, encodeCString(path), mode);
}

/** Changes owner and group; -1 leaves that one as it is. */
export function chown(path: string, uid: number, gid: number): number {
  return call(libc.chown, encodeCString(path), uid >>> 0, gid >>> 0);
}

export function chdir(path: string): number {
  enteredFd = -1;
  return call(libc.chdir, encodeCString(path));
}

/** Makes the process's directory its root directory. 0, or `-errno`. */
export function chrootHere(): number {
  return call(libc.chroot, encodeCString("."));
}

/**
 * The descriptor of the process's directory, as long as that is certain: whoever stays in one
 * service's directory need not enter it again.
 */
let enteredFd = -1;

/**
 * Makes the open directory `fd` the process's directory. @throws {SyscallError} If it is no
 * directory or can't be entered.
 */
export function fchdir(fd: number): void {
  if (fd === enteredFd) return;
  enteredFd = -1;
  checked("fchdir", call(libc.fchdir, fd));
  enteredFd = fd;
}

/** Sets the file mode creation mask. Returns the mask that was in force. */
export function umask(mode: number): number {
  return libc.umask(mode);
}

/** Cuts or extends the file to `sizeBytes`. 0, or `-errno`. */
export function ftruncate(fd: number, sizeBytes: number): number {
  return call(libc.ftruncate, fd, BigInt(sizeBytes));
}

/** The names in the directory, up to so many chunks of them; `undefined` if there are more. */
function readEntries(path: string, maxChunks: number): string[] | undefined {
  const fd = checked(`open directory ${path}`, tryOpen(path, O_RDONLY | O_DIRECTORY | O_NONBLOCK));
  try {
    const names: string[] = [];
    for (let chunk = 0; chunk <= maxChunks; chunk++) {
      const some = readNames(fd, () => `read directory ${path}`);
      if (some.length === 0) return names.filter((name) => !isDots(name));
      names.push(...some);
    }
    return undefined;
  } finally {
    close(fd);
  }
}

/**
 * The names in a directory, without `.` and `..`, in the order of the file system.
 *
 * @throws {SyscallError} If it can't be opened or read.
 */
export function readDirectory(path: string): string[] {
  return readEntries(path, Infinity)!;
}

/**
 * The names in a directory of ordinary size (some hundred); `undefined` if there are many more,
 * which are not worth their time.
 *
 * @throws {SyscallError} If it can't be opened or read.
 */
export function readSmallDirectory(path: string): string[] | undefined {
  return readEntries(path, 1);
}
