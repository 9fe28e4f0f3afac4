/** s6-background-watch: stays in the foreground for a daemon that does not. Source: s6, doc/s6-background-watch.html. */
import { parseUint } from "../lib/core/config_file.ts";
import { ENOENT } from "../lib/core/errno.ts";
import { type CommandTable, parseCommandLine, UsageError } from "../lib/core/getopt.ts";
import { SyscallError } from "../lib/libc/bind.ts";
import { setCloexec } from "../lib/libc/fd.ts";
import { close, write } from "../lib/libc/file.ts";
import { isInherited } from "../lib/libc/inherited.ts";
import { BackgroundError, watchBackground } from "../lib/supervise/background_watch.ts";
import { type Context, EXIT_CANNOT_EXEC, EXIT_NOT_FOUND, EXIT_SYSTEM, EXIT_USAGE, Failure } from "./context.ts";

export const table: CommandTable = {
  summary: "Starts a daemon that puts itself into the background, hands signals on to it, and ends when it does.",
  usage: "[ -t timeout ] [ -d notif ] pidfile prog...",
  options: [
    {
      short: "t",
      long: "timeout-ready",
      arg: "MS",
      text: "kill the program if it has not gone into the background after so many milliseconds",
    },
    { short: "d", long: "notification-fd", arg: "FD", text: "write a newline to this descriptor when it has" },
  ],
  exits: [
    ["N", "the daemon, or the program before it, has exited so; 128 + N: it was killed by signal N"],
    ["100", "wrong usage"],
    ["104", "the pidfile is missing, or there is no pid in it"],
    ["111", "a system call failed, or the pid is not of a process that the program has started"],
    ["126", "the program can't be executed"],
    ["127", "the program was not found"],
  ],
  example: "s6-background-watch -d 3 /run/food.pid food --pidfile /run/food.pid",
};

export async function main(context: Context): Promise<number> {
  const { options, operands } = parseCommandLine(context.argv, table.options);
  const [pidfile, ...argv] = operands;
  if (pidfile === undefined || argv.length === 0) throw new UsageError("a pidfile and a program are needed");
  let timeoutMs: number | undefined;
  let notificationFd: number | undefined;
  for (const { name, value } of options) {
    const number = parseUint(value);
    if (number === undefined) throw new UsageError(`option -${name} takes a number, not ${value}`);
    if (name === "t") timeoutMs = number;
    else notificationFd = checkedFd(number);
  }
  const onReady = (): void => {
    if (notificationFd === undefined) return;
    write(notificationFd, new Uint8Array([10]));
    close(notificationFd);
  };
  try {
    return await watchBackground({ pidfile, argv, timeoutMs, warn: context.warn, onReady });
  } catch (error) {
    if (error instanceof BackgroundError) throw new Failure(error.code, error.message);
    if (error instanceof SyscallError && error.action.startsWith("spawn ")) {
      throw new Failure(error.errno === ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXEC, error.message);
    }
    throw error;
  }
}

function checkedFd(fd: number): number {
  if (fd < 3) throw new Failure(EXIT_USAGE, "notification-fd cannot be 0, 1 or 2");
  if (!isInherited(fd)) throw new Failure(EXIT_SYSTEM, `unable to check notification-fd: descriptor ${fd} is not open`);
  setCloexec(fd, true);
  return fd;
}
