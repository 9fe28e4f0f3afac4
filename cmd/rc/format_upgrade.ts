/**
 * s6-rc-format-upgrade: points a live directory to another database. Source: s6-rc,
 * doc/s6-rc-format-upgrade.html, s6-rc-format-upgrade.c.
 *
 * hexad's supervising process keeps the services that it has. As in C, nothing is checked and the
 * database is not read.
 */
import { EXIT_SYSTEM, EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { EBUSY, strerror } from "../../lib/core/linux/errno.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { placeLink } from "../../lib/files/place_link.ts";
import { SyscallError } from "../../lib/libc/bind.ts";
import { O_CREAT, O_NONBLOCK, O_RDWR, O_TRUNC } from "../../lib/core/linux/open_flags.ts";
import { tryOpen } from "../../lib/libc/file.ts";
import { lockFd } from "../../lib/libc/lock.ts";
import { type Context, Failure } from "../context.ts";
import { golOptions, numberOf, usageOnly } from "./gol_options.ts";

const DEFAULT_LIVE = "/run/s6-rc";
const LOCK_MODE = 0o644;

export const helpAlone = true;

export const table = {
  summary:
    "Points a live directory to a database in another format. hexad's format needs no upgrade: s6-rc-update changes the services.",
  usage: "[ -v verbosity ] [ -t timeout ] [ -l live ] [ -b ] newdb",
  options: [
    { short: "v", long: "verbosity", arg: "N", text: "accepted; there is nothing to tell" },
    { short: "t", long: "timeout", arg: "MS", text: "accepted; it takes no time" },
    {
      short: "l",
      long: "livedir",
      arg: "DIR",
      text: `the live directory; default: ${DEFAULT_LIVE}`,
    },
    { short: "b", long: "block", text: "wait for whoever has locked the live directory" },
  ],
  exits: [["0", "done"], ["100", "wrong usage"], ["111", "system call failed"]],
  example: "s6-rc-format-upgrade -l /run/s6-rc /etc/s6-rc/compiled/new",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const options = golOptions(context, table);
  numberOf(options.value("v"), "verbosity");
  numberOf(options.value("t"), "timeout");
  const [database] = options.operands;
  if (database === undefined) throw usageOnly();
  if (!database.startsWith("/")) {
    throw new Failure(EXIT_USAGE, `${database} is not an absolute path`);
  }
  const live = options.value("l") ?? DEFAULT_LIVE;
  const fd = tryOpen(`${live}/lock`, O_RDWR | O_CREAT | O_TRUNC | O_NONBLOCK, LOCK_MODE);
  const errno = fd < 0 ? -fd : lockErrno(fd, options.flag("b"));
  if (errno !== 0) {
    throw new Failure(EXIT_SYSTEM, `unable to take lock on ${live}: ${strerror(errno)}`);
  }
  placeLink(database, `${live}/compiled`, { kind: "symbolic", force: true });
  return 0;
}

/** Takes the lock, which we hold until we exit. Returns 0, or the error number. */
function lockErrno(fd: number, wait: boolean): number {
  try {
    return lockFd(fd, { exclusive: true, wait }) ? 0 : EBUSY;
  } catch (error) {
    if (error instanceof SyscallError) return error.errno;
    throw error;
  }
}
