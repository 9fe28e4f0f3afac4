/**
 * s6-ipcserverd: the server behind a socket that listens already. Source: s6,
 * doc/s6-ipcserverd.html, conn-tools/s6-ipcserverd.c.
 */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { parseUint } from "../../lib/core/linux/config_file.ts";
import { EBADF, strerror } from "../../lib/core/linux/errno.ts";
import { O_WRONLY } from "../../lib/core/linux/open_flags.ts";
import { dup2, setCloexec } from "../../lib/libc/fd.ts";
import { close, open, write } from "../../lib/libc/file.ts";
import { isInherited } from "../../lib/libc/replace_descriptors.ts";
import { fstat, isSocket } from "../../lib/libc/stat.ts";
import { Connections, effectiveLimits } from "../../lib/superserver/core/connections.ts";
import { Server } from "../../lib/superserver/server.ts";
import { type Context, Failure } from "../context.ts";

const STDIN = 0;
const STDOUT = 1;
const DEFAULT_CONNECTIONS = 40;
const NORMAL = 1;

export const table = {
  summary:
    "Accepts connections on the Unix socket that is its standard input, and starts a program for each.",
  usage: "[ -v verbosity ] [ -1 ] [ -P | -p ] [ -c maxconn ] [ -C localmaxconn ] prog...",
  options: [
    {
      short: "v",
      arg: "VERBOSITY",
      text: "0: say nothing; 1, the default: what goes wrong; 2: each connection, too",
    },
    { short: "1", text: "write a newline to standard output as soon as clients are accepted" },
    { short: "P", text: "do not look up who the client is" },
    { short: "p", text: "look it up (the default)" },
    { short: "c", arg: "MAXCONN", text: "serve so many clients at a time; default: 40" },
    { short: "C", arg: "LOCALMAXCONN", text: "serve so many of the same user; default: 40" },
  ],
  exits: [
    ["0", "told to end by SIGTERM, SIGQUIT or SIGABRT"],
    ["100", "wrong usage, or standard input is not a socket"],
    ["111", "system call failed"],
  ],
  example: "s6-ipcserver-socketbinder /run/s s6-ipcserverd -v2 s6-cat",
} as const satisfies CommandTable;

export async function main(context: Context): Promise<number> {
  const { flag, value, last, operands: prog } = readCommandLine(context.argv, table);
  const number = (letter: "v" | "c" | "C", otherwise: number): number => {
    const text = value(letter);
    const parsed = text === undefined ? otherwise : parseUint(text);
    if (parsed === undefined) throw new UsageError(`option -${letter} takes a number, not ${text}`);
    return parsed;
  };
  const verbosity = number("v", NORMAL);
  const looksUp = last("P", "p") !== "P";
  const total = number("c", DEFAULT_CONNECTIONS);
  const perUser = number("C", DEFAULT_CONNECTIONS);
  if (prog[0] === undefined || prog[0] === "") throw new UsageError("no program given");
  if (!isSocket(fstat(STDIN).mode)) throw new Failure(EXIT_USAGE, "stdin is not a socket");
  if (flag("1") && !isInherited(STDOUT)) {
    throw new Failure(EXIT_USAGE, `called with option -1 but stdout said: ${strerror(EBADF)}`);
  }
  setCloexec(STDIN, true);
  using server = new Server({
    listenerFd: STDIN,
    connections: new Connections(
      effectiveLimits({ total, perUser: looksUp ? perUser : Infinity }),
    ),
    looksUp,
    verbosity,
    prog,
    env: context.env,
    info: context.info,
    warn: context.warn,
  });
  await server.run(() => {
    if (flag("1")) write(STDOUT, new TextEncoder().encode("\n"));
    leaveStdout();
  });
  return 0;
}

/** Whoever reads it sees its end. The number stays taken, so that nothing else gets it. */
function leaveStdout(): void {
  const nothing = open("/dev/null", O_WRONLY);
  dup2(nothing, STDOUT);
  close(nothing);
}
