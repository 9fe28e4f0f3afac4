/**
 * s6-fghack: staying in the foreground for a daemon that does not, by what it inherits: as long as
 * it lives, the pipe that it was given many times over has a writer. Source: s6,
 * doc/s6-fghack.html, daemontools-extras/s6-fghack.c.
 */
import { EINTR } from "../core/linux/errno.ts";
import { needWords } from "../execline/arguments.ts";
import { exitStatus, startedPid } from "../execline/child_status.ts";
import type { Call, Link, LinkResult } from "../execline/link.ts";
import { LinkFailure } from "../execline/link_failure.ts";
import type { State } from "../execline/state.ts";
import { checked } from "../libc/bind.ts";
import { pipe } from "../libc/fd.ts";
import { read } from "../libc/file.ts";
import { waitFor } from "../libc/process.ts";

/** A daemon that closes some descriptors, but not all that there may be, keeps one of these. */
const DESCRIPTORS = 31;
const EXIT_WROTE = 102;

/** C's reading end has the lowest number that is free, and is closed in the program. */
function giveCopies({ fds }: State, writeFd: number): void {
  const readingNumber = fds.lowestFree();
  const first = fds.lowestFree(readingNumber + 1);
  checked("create hackpipe", fds.put(first, writeFd));
  for (let i = 1; i < DESCRIPTORS; i++) {
    checked("create hackpipe", fds.copy(fds.lowestFree(first + 1), first));
  }
}

/**
 * Starts the program of the call with many copies of a pipe: its pid, or `-errno`, and the pipe's
 * other end, which is at its end when nobody has a copy any more.
 */
export async function startHeld(
  { words, start }: Call,
): Promise<{ readonly pid: number; readonly readFd: number }> {
  const { readFd, writeFd } = pipe();
  const pid = await start(words, (guest) => giveCopies(guest, writeFd));
  return { pid, readFd };
}

/** Reads one byte: 1, 0 at the end, or `-errno`. */
export function readByte(fd: number): number {
  const byte = new Uint8Array(1);
  let count = read(fd, byte);
  while (count === -EINTR) count = read(fd, byte);
  return count;
}

/** s6-fghack prog... */
export const fghack: Link = {
  nature: "process",
  allOperands: true,
  async run(call): Promise<LinkResult> {
    const { words, warn } = call;
    needWords(words, 1, "a program is");
    warn("this program is obsolescent, please use s6-background-watch instead");
    const { pid: started, readFd } = await startHeld(call);
    const pid = startedPid(started, words.first);
    if (checked("read on hackpipe", readByte(readFd)) > 0) {
      throw new LinkFailure(EXIT_WROTE, `${words.first} wrote on hackpipe`);
    }
    return exitStatus(waitFor(pid));
  },
};
