/**
 * s6-notify-fd-from-socket: lets a daemon that knows systemd's notification run under s6.
 * Source: s6, doc/s6-notify-fd-from-socket.html, supervision/s6-notify-fd-from-socket.c.
 */
import { EXIT_TIMED_OUT, EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { parseUint } from "../../lib/core/linux/config_file.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine, settingsOf } from "../../lib/core/cli/given.ts";
import { setenv } from "../../lib/libc/environ.ts";
import { close } from "../../lib/libc/file.ts";
import { pidfdOpen } from "../../lib/libc/pidfd.ts";
import { getpid } from "../../lib/libc/process.ts";
import { autobind, datagramSocket } from "../../lib/libc/socket/datagram.ts";
import { relayToFd } from "../../lib/servicedir/notify_socket.ts";
import { chainLoad } from "./chain_load.ts";
import { companionArguments, startCompanion } from "./companion.ts";
import { type Context, Failure } from "../context.ts";
import { notificationFdOption } from "./notification_fd_option.ts";

const NAME = "s6-notify-fd-from-socket";
const NONE = -1;

export const table = {
  summary:
    "Becomes a daemon that tells readiness to NOTIFY_SOCKET as systemd wants it; beside it, passes that on to s6.",
  usage: "[ -f ] [ -3 fd ] [ -t timeout ] prog...",
  options: [
    {
      short: "3",
      long: "notification-fd",
      arg: "FD",
      text: "descriptor to notify on; default: the number in ./notification-fd",
      means: (text: string) => ({ notificationFd: text }),
    },
    {
      short: "t",
      long: "timeout",
      arg: "MS",
      text: "give up after so many milliseconds; 0, the default, is never",
      means: (text: string) => ({ timeoutMs: parseTimeout(text) }),
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
  ],
  exits: [
    ["100", "wrong usage"],
    ["111", "system call failed"],
    ["126", "prog can't be executed"],
    ["127", "prog was not found"],
  ],
  example: "s6-notify-fd-from-socket -t 30000 caddy run",
} as const satisfies CommandTable;

export function main(context: Context): number | Promise<number> {
  const companion = companionArguments(NAME, context.argv);
  if (companion === "parent") return 0;
  return companion === undefined ? becomeDaemon(context) : relay(companion);
}

interface Settings {
  readonly notificationFd: string | undefined;
  readonly timeoutMs: number;
  readonly orphan: boolean;
}

const DEFAULTS: Settings = { notificationFd: undefined, timeoutMs: 0, orphan: true };

function parseTimeout(text: string): number {
  const timeoutMs = parseUint(text);
  if (timeoutMs === undefined) {
    throw new Failure(EXIT_USAGE, "timeout must be an unsigned integer");
  }
  return timeoutMs;
}

function becomeDaemon(context: Context): never {
  const { rows, operands } = readCommandLine(context.argv, table);
  if (operands.length === 0) throw new UsageError("no program given");
  const { notificationFd, timeoutMs, orphan } = settingsOf<Settings>(rows(), DEFAULTS);
  const fd = notificationFdOption(notificationFd);
  const socketFd = datagramSocket();
  const socketName = autobind(socketFd);
  const serviceFd = Math.max(NONE, pidfdOpen(getpid())); // the daemon will have this pid
  const args = [fd, socketFd, serviceFd, timeoutMs].map(String);
  startCompanion({
    name: NAME,
    args,
    fds: serviceFd === NONE ? [socketFd] : [socketFd, serviceFd],
    orphan,
  });
  close(socketFd);
  close(fd);
  setenv("NOTIFY_SOCKET", socketName);
  chainLoad(operands);
}

async function relay(args: readonly string[]): Promise<number> {
  const [notificationFd, socketFd, serviceFd, timeoutMs] = args.map(Number) as [
    number,
    number,
    number,
    number,
  ];
  const outcome = await relayToFd({
    notificationFd,
    socketFd,
    serviceFd: serviceFd === NONE ? undefined : serviceFd,
    timeoutMs,
  });
  if (outcome === "timed out") {
    throw new Failure(EXIT_TIMED_OUT, "timed out waiting for notification");
  }
  return 0;
}
