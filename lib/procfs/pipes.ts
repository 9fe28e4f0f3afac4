/**
 * Pipes that a process has: /proc leads to both of their ends, whichever it is that the process
 * holds, and as long as it does. Source: proc_pid_fd(5), pipe(7).
 */
import { O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } from "../core/linux/open_flags.ts";
import { SyscallError } from "../libc/bind.ts";
import type { Pipe } from "../libc/fd.ts";
import { close, open, readDirectory, readlink, tryOpen } from "../libc/file.ts";

function pathOf(pid: number | "self", number: number | string): string {
  return `/proc/${pid}/fd/${number}`;
}

/** The inode of the pipe that the process has as that descriptor; undefined if it has none there. */
function pipeInode(pid: number | "self", number: number | string): string | undefined {
  const target = readlink(pathOf(pid, number));
  return typeof target === "string" ? /^pipe:\[(\d+)\]$/.exec(target)?.[1] : undefined;
}

/** A descriptor that holds both ends of the pipe with this inode; undefined if that is gone. */
function holdPipe(pid: number, number: number | string, inode: string): number | undefined {
  if (pipeInode(pid, number) !== inode) return undefined;
  const fd = tryOpen(pathOf(pid, number), O_RDWR | O_NONBLOCK);
  if (fd < 0) return undefined;
  if (pipeInode("self", fd) === inode) return fd;
  close(fd); // it has put another file there
  return undefined;
}

/**
 * All pipes of a process, by inode: descriptors that hold both ends. None if it has ended, or is
 * not for us to look into.
 */
export function holdPipes(pid: number): Map<string, number> {
  const pipes = new Map<string, number>();
  let numbers: readonly string[];
  try {
    numbers = readDirectory(`/proc/${pid}/fd`);
  } catch (error) {
    if (error instanceof SyscallError) return pipes;
    throw error;
  }
  for (const number of numbers) {
    const inode = pipeInode(pid, number);
    const fd = inode === undefined || pipes.has(inode) ? undefined : holdPipe(pid, number, inode);
    if (fd !== undefined) pipes.set(inode!, fd);
  }
  return pipes;
}

/** The two ends of a pipe of which `fd` holds both; `fd` is closed. @throws {SyscallError} */
export function splitEnds(fd: number): Pipe {
  try {
    const readFd = open(pathOf("self", fd), O_RDONLY); // neither waits while both ends are held
    try {
      return { readFd, writeFd: open(pathOf("self", fd), O_WRONLY) };
    } catch (error) {
      close(readFd);
      throw error;
    }
  } finally {
    close(fd);
  }
}

/**
 * Both ends of the pipe with this inode, if the process has it as that descriptor.
 *
 * @throws {SyscallError} If there are no descriptors left.
 */
export function endsOfPipe(pid: number, number: number, inode: string): Pipe | undefined {
  const fd = holdPipe(pid, number, inode);
  return fd === undefined ? undefined : splitEnds(fd);
}

/** Whether anybody holds the reading end of the pipe that the process has as that descriptor. */
export function isPipeRead(pid: number, number: number): boolean {
  if (pipeInode(pid, number) === undefined) return false;
  const fd = tryOpen(pathOf(pid, number), O_WRONLY | O_NONBLOCK); // ENXIO: nobody
  if (fd >= 0) close(fd);
  return fd >= 0;
}
