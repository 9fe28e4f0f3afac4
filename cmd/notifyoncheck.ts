/**
 * s6-notifyoncheck: gives readiness notification to a daemon that must be polled for it.
 * Source: s6, doc/s6-notifyoncheck.html, supervision/s6-notifyoncheck.c.
 *
 * The first half prepares everything, the subscription to the service's events included, and becomes the daemon at once; the second half is a
 * companion process that inherits the subscription and the notification descriptor, and polls.
 */
import { parseUint } from "../lib/core/config_file.ts";
import { EACCES } from "../lib/core/errno.ts";
import { type CommandTable, parseCommandLine, type ParsedOption, UsageError } from "../lib/core/getopt.ts";
import { subscribe, Subscription } from "../lib/fifodir/subscribe.ts";
import { SyscallError } from "../lib/libc/bind.ts";
import { setCloexec } from "../lib/libc/fd.ts";
import { close } from "../lib/libc/file.ts";
import { isWritingEnd } from "../lib/libc/inherited.ts";
import { isSupervised } from "../lib/servicedir/client.ts";
import { type PollOutcome, pollReadiness } from "../lib/servicedir/readiness_poll.ts";
import { chainLoad } from "./chain_load.ts";
import { companionArguments, startCompanion } from "./companion.ts";
import { type Context, EXIT_USAGE, Failure } from "./context.ts";
import { notificationFdOption } from "./notification_fd_option.ts";
import { selfCommand } from "./self.ts";

const NAME = "s6-notifyoncheck";
const CHECK = "./data/check";
const EXIT_CODES: Readonly<Record<PollOutcome, number>> = { "ready": 0, "gave up": 1, "stopped": 2, "timed out": 3 };

export const table: CommandTable = {
  summary: "Becomes a daemon; beside it, runs ./data/check until that succeeds and then tells the supervisor that the daemon is ready.",
  usage:
    '[ -d ] [ -3 fd ] [ -s initialsleep ] [ -T globaltimeout ] [ -t localtimeout ] [ -w waitingtime ] [ -n tries ] [ -c "checkprog..." ] prog...',
  options: [
    { short: "d", long: "doublefork", text: "poll in a process that is not the daemon's child" },
    { short: "3", long: "notification-fd", arg: "FD", text: "descriptor to notify on; default: the number in ./notification-fd" },
    { short: "s", long: "initial-sleep", arg: "MS", text: "time before the first check; default 10" },
    { short: "T", long: "global-timeout", arg: "MS", text: "give up after so long; 0, the default, is never" },
    { short: "t", long: "local-timeout", arg: "MS", text: "end a check that takes longer; 0, the default, is never" },
    { short: "w", long: "waiting-time", arg: "MS", text: "time between two checks; default 1000" },
    { short: "n", long: "tries", arg: "N", text: "give up after so many checks; 0 is never; default 7" },
    { short: "c", long: "check-program", arg: "LINE", text: "a command line for execlineb to run in place of ./data/check" },
  ],
  exits: [["100", "wrong usage, or no supervisor"], ["111", "system call failed"], ["126", "prog can't be executed"], [
    "127",
    "prog was not found",
  ]],
  example: "s6-notifyoncheck -t 2000 -c 'redis-cli ping' redis-server /etc/redis.conf",
};

const NUMBERS = [["s", 10], ["T", 0], ["t", 0], ["w", 1000], ["n", 7]] as const;
type Numbers = Readonly<Record<(typeof NUMBERS)[number][0], number>>;

export function main(context: Context): number | Promise<number> {
  const companion = companionArguments(NAME, context.argv);
  if (companion === "parent") return 0;
  return companion === undefined ? becomeDaemon(context) : poll(context, companion);
}

function becomeDaemon(context: Context): never {
  const { options, operands } = parseCommandLine(context.argv, table.options);
  if (operands.length === 0) throw new UsageError("no program given");
  const fd = notificationFdOption(options);
  const numbers = NUMBERS.map(([name, fallback]) => String(numberOption(options, name, fallback)));
  const check = options.findLast(({ name }) => name === "c")?.value;
  checkSupervisor(fd);
  const events = subscribeIfAllowed(fd);
  startCompanion({
    name: NAME,
    args: [String(fd), String(events?.fd ?? -1), events?.path ?? "", ...numbers, ...(check === undefined ? [] : [check])],
    fds: events === undefined ? [] : [events.fd],
    orphan: options.some(({ name }) => name === "d"),
  });
  close(fd);
  chainLoad(operands);
}

async function poll(context: Context, args: readonly string[]): Promise<number> {
  const [fd, eventsFd, path, s, T, t, w, n, line] = args;
  const notificationFd = Number(fd);
  const events = eventsFd === "-1" ? undefined : new Subscription(Number(eventsFd), path!);
  // neither is for the checks: one that is left behind would keep the pipe open
  setCloexec(notificationFd, true);
  if (events !== undefined) setCloexec(events.fd, true);
  const outcome = await pollReadiness({
    notificationFd,
    events,
    check: line === undefined ? { path: CHECK, argv: [CHECK] } : selfCommand("execlineb", ["-Pc", line]),
    initialSleepMs: Number(s),
    globalTimeoutMs: Number(T),
    tryTimeoutMs: Number(t),
    waitMs: Number(w),
    tries: Number(n),
    warn: context.warn,
  });
  return EXIT_CODES[outcome];
}

function numberOption(options: readonly ParsedOption[], wanted: keyof Numbers, fallback: number): number {
  const given = options.findLast(({ name }) => name === wanted);
  if (given === undefined) return fallback;
  const value = parseUint(given.value);
  if (value !== undefined) return value;
  const long = table.options.find(({ short }) => short === wanted)!.long;
  throw new Failure(EXIT_USAGE, `${long} must be an unsigned integer`);
}

/** Without the right to look into supervise/ (privileges may have been dropped before) a notification pipe is proof enough of a supervisor. */
function checkSupervisor(fd: number): void {
  try {
    if (!isSupervised(".")) throw new Failure(EXIT_USAGE, "s6-supervise not running.");
  } catch (error) {
    if (!deniedButPiped(error, fd)) throw error;
  }
}

/** A listener in event/; undefined where this user may not listen, and then the end of the notification pipe tells that the daemon is gone. */
function subscribeIfAllowed(fd: number): Subscription | undefined {
  try {
    return subscribe("event");
  } catch (error) {
    if (deniedButPiped(error, fd)) return undefined;
    throw error;
  }
}

function deniedButPiped(error: unknown, fd: number): boolean {
  return error instanceof SyscallError && error.errno === EACCES && isWritingEnd(fd);
}
