/** s6-fghack: stays in the foreground for a daemon that does not, by what the daemon inherits. Source: s6, doc/s6-fghack.html, daemontools-extras/s6-fghack.c. */
import { EINTR } from "../lib/core/errno.ts";
import type { CommandTable } from "../lib/core/getopt.ts";
import { UsageError } from "../lib/core/getopt.ts";
import { exitStatusOf } from "../lib/core/wstat.ts";
import { checked } from "../lib/libc/bind.ts";
import { pipe } from "../lib/libc/fd.ts";
import { close, read } from "../lib/libc/file.ts";
import { isInherited } from "../lib/libc/inherited.ts";
import { spawn } from "../lib/libc/spawn.ts";
import { waitFor } from "../lib/libc/wait_for.ts";
import { type Context, Failure } from "./context.ts";

export const table: CommandTable = {
  summary: "Runs a daemon that puts itself into the background, and ends when it does. s6-background-watch does that better.",
  usage: "prog...",
  options: [],
  exits: [
    ["N", "the program has exited so; 128 + N: it was killed by signal N"],
    ["100", "wrong usage"],
    ["102", "the program wrote to a descriptor that it did not open"],
    ["111", "a system call failed"],
  ],
  example: "s6-fghack food --daemon",
};

/** A daemon that closes some descriptors, but not all that there may be, keeps one of these. */
const DESCRIPTORS = 31;
const EXIT_WROTE = 102;

export function main(context: Context): number {
  const { argv } = context;
  const [program] = argv;
  if (program === undefined) throw new UsageError("no program given");
  context.warn("this program is obsolescent, please use s6-background-watch instead");
  const { readFd, writeFd } = pipe();
  const fds: [number, number][] = [];
  for (let fd = 3; fds.length < DESCRIPTORS; fd++) {
    if (!isInherited(fd)) fds.push([fd, writeFd]);
  }
  const pid = checked(`spawn ${program}`, spawn({ path: program, argv, fds, searchPath: true }));
  close(writeFd);
  const byte = new Uint8Array(1);
  let count = read(readFd, byte);
  while (count === -EINTR) count = read(readFd, byte);
  if (checked("read on hackpipe", count) > 0) throw new Failure(EXIT_WROTE, `${program} wrote on hackpipe`);
  return exitStatusOf(waitFor(pid));
}
