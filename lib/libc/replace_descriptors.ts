/**
 * Letting go of a file under all its numbers. The runtime keeps copies of the standard descriptors,
 * so a process that points 1 and 2 elsewhere still holds what they were, and who reads the other
 * end of that pipe never sees its end.
 *
 * Descriptors that this process was started with, apart from those that the runtime has opened for
 * itself.
 */
import { bindLibrary, call, checked } from "./bind.ts";
import { dup2, setCloexec, statusFlags } from "./fd.ts";
import { O_DIRECTORY, O_RDONLY, O_WRONLY } from "../core/linux/open_flags.ts";
import { close, open, readDirectory } from "./file.ts";
import { fstat, isFifo, type Stat } from "./stat.ts";

const LAST_STANDARD_FD = 2;
const O_ACCMODE = 3;

/**
 * Makes every descriptor of ours that is open on the same file as `fd`, and in the same direction,
 * lead where `target` leads.
 *
 * @throws {SyscallError} If /proc is not there, or a copy can't be made.
 */
export function replaceEverywhere(fd: number, target: number): void {
  const file = fstat(fd);
  const direction = directionOf(fd);
  if (isSame(file, fstat(target)) && directionOf(target) === direction) return;
  for (const copy of openDescriptors()) {
    // both ends of a pipe are the same file
    if (!isSame(fstat(copy), file) || directionOf(copy) !== direction) continue;
    checked(`replace descriptor ${copy}`, dup2(target, copy));
    if (copy > LAST_STANDARD_FD) setCloexec(copy, true);
  }
}

function isSame(a: Stat, b: Stat): boolean {
  return a.dev === b.dev && a.ino === b.ino;
}

function directionOf(fd: number): number {
  return statusFlags(fd) & O_ACCMODE;
}

function openDescriptors(): number[] {
  // opened here so that its number is known: the one that readDirectory uses is gone when it
  // returns
  const directoryFd = open("/proc/self/fd", O_RDONLY | O_DIRECTORY);
  close(directoryFd);
  return readDirectory("/proc/self/fd").map(Number).filter((fd) => fd !== directoryFd);
}

const F_GETFD = 1;
const FD_CLOEXEC = 1;

const libc = bindLibrary({
  fcntl: { parameters: ["i32", "i32", "i32"], result: "i32" },
});

/**
 * Is `fd` open and no descriptor of the runtime's own? What was inherited is never close-on-exec,
 * what we open always is.
 */
export function isInherited(fd: number): boolean {
  const flags = call(libc.fcntl, fd, F_GETFD, 0);
  return flags >= 0 && (flags & FD_CLOEXEC) === 0;
}

/** Closes what this process was started with, apart from the standard descriptors and `kept`. */
export function closeInherited(kept: readonly number[]): void {
  for (const fd of openDescriptors()) {
    if (fd > LAST_STANDARD_FD && !kept.includes(fd) && isInherited(fd)) close(fd);
  }
}

/** Is `fd` the writing end of a pipe, and nothing else? */
export function isWritingEnd(fd: number): boolean {
  const flags = statusFlags(fd);
  return flags >= 0 && (flags & O_ACCMODE) === O_WRONLY && isFifo(fstat(fd).mode);
}
