/**
 * Letting go of a file under all its numbers. The runtime keeps copies of the standard descriptors, so a process that points 1 and 2 elsewhere
 * still holds what they were, and who reads the other end of that pipe never sees its end.
 */
import { checked } from "./bind.ts";
import { dup2, setCloexec, statusFlags } from "./fd.ts";
import { close, O_DIRECTORY, O_RDONLY, open, readDirectory } from "./file.ts";
import { fstat, type Stat } from "./stat.ts";

const LAST_STANDARD_FD = 2;
const O_ACCMODE = 3;

/**
 * Makes every descriptor of ours that is open on the same file as `fd`, and in the same direction, lead where `target` leads.
 *
 * @throws {SyscallError} If /proc is not there, or a copy can't be made.
 */
export function replaceEverywhere(fd: number, target: number): void {
  const file = fstat(fd);
  const direction = directionOf(fd);
  if (isSame(file, fstat(target)) && directionOf(target) === direction) return;
  for (const copy of openDescriptors()) {
    if (!isSame(fstat(copy), file) || directionOf(copy) !== direction) continue; // both ends of a pipe are the same file
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
  // opened here so that its number is known: the one that readDirectory uses is gone when it returns
  const directoryFd = open("/proc/self/fd", O_RDONLY | O_DIRECTORY);
  close(directoryFd);
  return readDirectory("/proc/self/fd").map(Number).filter((fd) => fd !== directoryFd);
}
