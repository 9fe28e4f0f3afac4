/**
 * s6-notify-socket-from-fd: lets a daemon that knows s6's notification run under systemd.
 * Source: s6, doc/s6-notify-socket-from-fd.html, supervision/s6-notify-socket-from-fd.c.
 */
import { EXIT_TIMED_OUT, EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { parseUint } from "../../lib/core/linux/config_file.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine, settingsOf } from "../../lib/core/cli/given.ts";
import { checked } from "../../lib/libc/bind.ts";
import { unsetenv, variable } from "../../lib/libc/environ.ts";
import { dup2, pipe, setCloexec } from "../../lib/libc/fd.ts";
import { getpid } from "../../lib/libc/process.ts";
import { type RelayOutcome, relayToSocket } from "../../lib/servicedir/notify_socket.ts";
import { chainLoad } from "./chain_load.ts";
import { companionArguments, startCompanion } from "./companion.ts";
import { type Context, Failure } from "../context.ts";

const NAME = "s6-notify-socket-from-fd";
const VARIABLE = "NOTIFY_SOCKET";
const STDOUT = 1;
const EXIT_CODES: Readonly<Record<RelayOutcome, number>> = {
  "ready": 0,
  "stopped": 1,
  "timed out": EXIT_TIMED_OUT,
};

export const table = {
  summary:
    "Becomes a daemon that tells readiness as s6 wants it; beside it, passes that on to systemd. Without NOTIFY_SOCKET, only the former.",
  usage: "[ -d fd ] [ -f ] [ -t timeout ] [ -k ] prog...",
  options: [
    {
      short: "d",
      long: "notification-fd",
      arg: "FD",
      text: "descriptor on which the daemon will notify; default 1",
      means: (text: string) => ({ fd: unsigned("notification-fd", text) }),
    },
    {
      short: "t",
      long: "timeout",
      arg: "MS",
      text: "give up after so many milliseconds; 0, the default, is never",
      means: (text: string) => ({ timeoutMs: unsigned("timeout", text) }),
    },
    {
      short: "f",
      long: "no-doublefork",
      text: "wait in a child of the daemon, which must reap it",
      means: { orphan: false },
    },
    {
      long: "doublefork",
      text: "wait in a process that is not the daemon's child (the default)",
      means: { orphan: true },
    },
    {
      short: "k",
      long: "keep-environment",
      text: "leave NOTIFY_SOCKET in the daemon's environment",
      means: { keep: true },
    },
  ],
  exits: [
    ["100", "wrong usage"],
    ["111", "system call failed"],
    ["126", "prog can't be executed"],
    ["127", "prog was not found"],
  ],
  example: "s6-notify-socket-from-fd -d 3 -t 30000 food",
} as const satisfies CommandTable;

export function main(context: Context): number | Promise<number> {
  const companion = companionArguments(NAME, context.argv);
  if (companion === "parent") return 0;
  return companion === undefined ? becomeDaemon(context) : relay(companion);
}

interface Settings {
  readonly fd: number;
  readonly timeoutMs: number;
  readonly orphan: boolean;
  readonly keep: boolean;
}

const DEFAULTS: Settings = { fd: STDOUT, timeoutMs: 0, orphan: true, keep: false };

function becomeDaemon(context: Context): never {
  const { rows, operands } = readCommandLine(context.argv, table);
  if (operands.length === 0) throw new UsageError("no program given");
  const { fd, timeoutMs, orphan, keep } = settingsOf<Settings>(rows(), DEFAULTS);
  const socketName = variable(VARIABLE);
  if (socketName === undefined) chainLoad(operands);
  const { readFd, writeFd } = pipe();
  const args = [String(readFd), String(getpid()), String(timeoutMs), socketName];
  startCompanion({ name: NAME, args, fds: [readFd], orphan });
  if (!keep) unsetenv(VARIABLE);
  // last, since the runtime may have had something of its own under that number; the exec follows
  // at once
  checked(`move the notification pipe to descriptor ${fd}`, dup2(writeFd, fd));
  if (fd === writeFd) setCloexec(fd, false);
  chainLoad(operands);
}

async function relay(args: readonly string[]): Promise<number> {
  const [readFd, servicePid, timeoutMs, socketName] = args;
  const timeout = Number(timeoutMs);
  return EXIT_CODES[
    await relayToSocket({
      readFd: Number(readFd),
      servicePid: Number(servicePid),
      timeoutMs: timeout,
      socketName: socketName!,
    })
  ];
}

function unsigned(what: string, text: string): number {
  const value = parseUint(text);
  if (value === undefined || value > 0x7fffffff && what === "notification-fd") {
    throw new Failure(EXIT_USAGE, `${what} must be an unsigned integer`);
  }
  return value;
}
