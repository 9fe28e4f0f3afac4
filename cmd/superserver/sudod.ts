/** s6-sudod: runs a program for a client. Source: s6, doc/s6-sudod.html, conn-tools/s6-sudod.c. */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { millisecondsOf } from "../../lib/execline/arguments.ts";
import { serveSudo } from "../../lib/superserver/sudo_server.ts";
import type { Context } from "../context.ts";

const STANDARD = [0, 1, 2];

export const table = {
  summary:
    "Runs a program with the standard descriptors, arguments and variables of the s6-sudoc at the other end of its standard input and output.",
  usage: "[ -0 ] [ -1 ] [ -2 ] [ -d ] [ -t timeout ] [ sargv... ]",
  options: [
    { short: "0", text: "the program's standard input is /dev/null, not the client's" },
    { short: "1", text: "its standard output is /dev/null, not the client's" },
    { short: "2", text: "its standard error is the own one, not the client's" },
    { short: "d", text: "all three, and the program goes on when the client is gone" },
    {
      short: "t",
      arg: "MS",
      text: "end if the client has not told everything after so long; 0, the default, is never",
    },
  ],
  exits: [
    ["0", "the program has ended, and the client knows how"],
    ["1", "the client was gone first"],
    ["100", "wrong usage, or what has connected is no s6-sudoc"],
    ["111", "system call failed"],
  ],
  example: "s6-ipcserver /run/reload/s s6-ipcserver-access -i rules s6-sudod -0 ./reload",
} as const satisfies CommandTable;

export async function main(context: Context): Promise<number> {
  const { operands, flag, value } = readCommandLine(context.argv, table);
  const detached = flag("d");
  const given = { 0: flag("0"), 1: flag("1"), 2: flag("2") };
  return await serveSudo({
    withoutFds: new Set(STANDARD.filter((fd) => detached || given[fd as 0 | 1 | 2])),
    detached,
    timeoutMs: millisecondsOf("timeout", value("t")),
    args: operands,
    env: context.env,
  });
}
