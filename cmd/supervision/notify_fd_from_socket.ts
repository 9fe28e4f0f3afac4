/**
 * s6-notify-fd-from-socket: lets a daemon that knows systemd's notification run under s6.
 * Source: s6, doc/s6-notify-fd-from-socket.html, supervision/s6-notify-fd-from-socket.c.
 */
import { EXIT_TIMED_OUT, EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { parseUint } from "../../lib/core/linux/config_file.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { setenv } from "../../lib/libc/environ.ts";
import { close } from "../../lib/libc/file.ts";
import { pidfdOpen } from "../../lib/libc/pidfd.ts";
import { getpid } from "../../lib/libc/process.ts";
import { autobind, datagramSocket } from "../../lib/libc/socket.ts";
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
    },
    {
      short: "t",
      long: "timeout",
      arg: "MS",
      text: "give up after so many milliseconds; 0, the default, is never",
    },
    {
      short: "f",
      long: "no-doublefork",
      text: "wait in a child of the daemon, which must reap it",
    },
    { long: "doublefork", text: "wait in a process that is not the daemon's child (the default)" },
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

function becomeDaemon(context: Context): never {
  const { options, operands } = readCommandLine(context.argv, table);
  if (operands.length === 0) throw new UsageError("no program given");
  let timeoutMs: number | undefined = 0;
  let orphan = true;
  for (const { name, value } of options) {
    if (name === "t") timeoutMs = parseUint(value);
    if (name === "f" || name === "doublefork") orphan = name !== "f";
    if (timeoutMs === undefined) {
      throw new Failure(EXIT_USAGE, "timeout must be an unsigned integer");
    }
  }
  const fd = notificationFdOption(options);
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
