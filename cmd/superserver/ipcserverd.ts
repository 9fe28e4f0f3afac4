/**
 * s6-ipcserverd: the server behind a socket that listens already. Source: s6,
 * doc/s6-ipcserverd.html, conn-tools/s6-ipcserverd.c.
 */
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { parseUint } from "../../lib/core/linux/config_file.ts";
import { setCloexec } from "../../lib/libc/fd.ts";
import { Connections, effectiveLimits } from "../../lib/superserver/core/connections.ts";
import { checkServerDescriptors, tellReady } from "../../lib/superserver/readiness.ts";
import { Server } from "../../lib/superserver/server.ts";
import type { Context } from "../context.ts";

const STDIN = 0;
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
  checkServerDescriptors(flag("1"));
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
  await server.run(() => tellReady(flag("1")));
  return 0;
}
