/**
 * s6-svscanboot: starts a supervision tree whose own output goes to a logger that it supervises,
 * for a tree that is not PID 1. Source: s6, doc/s6-svscanboot.html, supervision/s6-svscanboot.c.
 */
import { EXIT_SYSTEM, EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { parseUint } from "../../lib/core/linux/config_file.ts";
import { EBADF, strerror } from "../../lib/core/linux/errno.ts";
import { type CommandTable, type OptionSpec, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { checked } from "../../lib/libc/bind.ts";
import { execFailureCode, execInto } from "../../lib/libc/exec.ts";
import { dup2, dupAbove, setCloexec } from "../../lib/libc/fd.ts";
import { O_RDONLY, O_WRONLY } from "../../lib/core/linux/open_flags.ts";
import { open } from "../../lib/libc/file.ts";
import { variable } from "../../lib/libc/environ.ts";
import { isInherited } from "../../lib/libc/replace_descriptors.ts";
import { geteuid } from "../../lib/libc/process.ts";
import { realPath } from "../../lib/libc/cwd.ts";
import {
  findExecutable,
  makeCatchallService,
  makeLogdir,
  openForLogger,
} from "../../lib/scandir/catchall.ts";
import { isScanned } from "../../lib/tree/services.ts";
import { findUser } from "../../lib/servicedir/accounts.ts";
import { type Context, Failure } from "../context.ts";
import { selfCommand } from "../self.ts";

const FIRST_FREE_FD = 3;
const MAX_MODE = 0o7777;

const SVSCAN_OPTIONS = [
  {
    short: "d",
    long: "notification-fd",
    arg: "FD",
    text: "for s6-svscan: tell readiness on this descriptor",
  },
  {
    short: "C",
    long: "services-max",
    arg: "N",
    text: "for s6-svscan: maximum number of services",
  },
  { short: "L", long: "name-max", arg: "N", text: "for s6-svscan: maximum length of a name" },
  {
    short: "t",
    long: "timeout",
    arg: "MS",
    text: "for s6-svscan: scan again every so many milliseconds",
  },
] as const satisfies readonly OptionSpec[];

export const table = {
  summary:
    "Becomes an s6-svscan whose messages, and those of its supervisors, go to a catch-all logger that it supervises.",
  usage:
    "[ -c devconsole ] [ -D catchalldir | -u ] [ -m catchallmode ] [ -l catchalluser ] [ -o catchalloptions ] " +
    "[ -d notif ] [ -C services_max ] [ -L name_max ] [ -t rescan ] scandir",
  options: [
    {
      short: "c",
      long: "console",
      arg: "FILE",
      text: "where the logger's own messages go; default: our standard error",
    },
    {
      short: "D",
      long: "catchall-directory",
      arg: "DIR",
      text: "directory of the logs; default /run/uncaught-logs",
    },
    {
      short: "m",
      long: "catchall-mode",
      arg: "MODE",
      text: "mode of that directory, octal; default 02750",
    },
    {
      short: "l",
      long: "catchall-user",
      arg: "USER",
      text: "run the logger as this user; for root only",
    },
    {
      short: "o",
      long: "catchall-options",
      arg: "LINE",
      text: "directives for s6-log, separated by spaces; default t",
    },
    {
      short: "u",
      long: "user",
      text: "take DIR, by default uncaught-logs, under $XDG_RUNTIME_DIR",
    },
    ...SVSCAN_OPTIONS,
  ],
  exits: [["100", "wrong usage, or an s6-svscan runs on the directory"], [
    "111",
    "system call failed",
  ], [
    "126",
    "s6-svscan can't be executed",
  ], [
    "127",
    "s6-svscan was not found",
  ]],
  example: "s6-svscanboot -l log -o 'n20 s1000000 T' /run/service",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { flag, value, operands } = readCommandLine(context.argv, table);
  const [scandir] = operands;
  if (scandir === undefined) throw new UsageError("no scan directory given");
  const mode = octal(value("m") ?? "2750");
  const passedOn = svscanOptions(value);
  let user = value("l");
  if (user !== undefined && geteuid() !== 0) {
    context.warn("ignoring catchall-user option when not root");
    user = undefined;
  }
  const account = user === undefined ? undefined : findUser(user);
  if (user !== undefined && account === undefined) {
    throw new Failure(EXIT_SYSTEM, `unable to find user ${user} in /etc/passwd`);
  }
  for (const program of ["execlineb", "s6-log"]) {
    if (findExecutable(program) === undefined) {
      context.warn(`${program} is not in PATH: the catch-all logger will not start without it`);
    }
  }
  const logdir = logDirectory(value("D"), flag("u"));
  if (isScanned(scandir)) {
    throw new Failure(
      EXIT_USAGE,
      "another instance of s6-svscan is already running on the same directory",
    );
  }
  makeLogdir(logdir, mode, account);
  const fifo = makeCatchallService(scandir, {
    logdir: realPath(logdir),
    user,
    directives: value("o") ?? "t",
  });
  const consoleFd = redirect(value("c"), fifo);
  return becomeSvscan(["-X", String(consoleFd), ...passedOn, "--", scandir], consoleFd);
}

/** The options for s6-svscan, checked here, where the user still sees what is wrong. */
function svscanOptions(
  given: (letter: typeof SVSCAN_OPTIONS[number]["short"]) => string | undefined,
): string[] {
  const passedOn: string[] = [];
  for (const { short: letter, long } of SVSCAN_OPTIONS) {
    const text = given(letter);
    if (text === undefined) continue;
    const value = parseUint(text);
    if (value === undefined) throw new Failure(EXIT_USAGE, `${long} must be an unsigned integer`);
    if (letter === "d" && value < FIRST_FREE_FD) {
      throw new Failure(EXIT_USAGE, `${long} must be 3 or greater`);
    }
    if (letter === "d" && !isInherited(value)) {
      throw new Failure(EXIT_SYSTEM, `${long} sanity check failed: ${strerror(EBADF)}`);
    }
    passedOn.push(`-${letter}`, text);
  }
  return passedOn;
}

function octal(text: string): number {
  const mode = /^[0-7]+$/.test(text) ? parseInt(text, 8) : NaN;
  if (!(mode <= MAX_MODE)) {
    throw new Failure(EXIT_USAGE, "catchall-mode must be an (octal) unsigned integer");
  }
  return mode;
}

function logDirectory(given: string | undefined, forUser: boolean): string {
  if (!forUser || given?.startsWith("/")) return given ?? "/run/uncaught-logs";
  const runtime = variable("XDG_RUNTIME_DIR");
  if (runtime === undefined) throw new Failure(EXIT_USAGE, "XDG_RUNTIME_DIR not set");
  return `${runtime}/${given ?? "uncaught-logs"}`;
}

/**
 * Standard input from nowhere, standard output and error to the logger. Returns the descriptor of
 * the console, which the exec keeps open.
 */
function redirect(consolePath: string | undefined, fifo: string): number {
  const source = consolePath === undefined ? 2 : open(consolePath, O_WRONLY);
  const consoleFd = checked("copy the descriptor of the console", dupAbove(source, FIRST_FREE_FD));
  setCloexec(consoleFd, false);
  const nullFd = open("/dev/null", O_RDONLY);
  const logFd = openForLogger(fifo);
  for (const [from, to] of [[nullFd, 0], [logFd, 1], [logFd, 2]] as const) {
    checked("redirect standard descriptors", dup2(from, to));
  }
  return consoleFd;
}

function becomeSvscan(args: readonly string[], consoleFd: number): never {
  const { path, argv } = selfCommand("s6-svscan", args);
  const errno = -execInto(argv, { path });
  dup2(consoleFd, 2); // nobody reads the FIFO
  throw new Failure(execFailureCode(errno), `unable to exec ${path}: ${strerror(errno)}`);
}
