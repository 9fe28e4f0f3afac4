/**
 * s6-svunlink: takes a service out of a scan directory. Source: s6, doc/s6-svunlink.html,
 * supervision/s6-svunlink.c.
 */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { unlinkService } from "../../lib/tree/unlink.ts";
import { type Context, Failure } from "../context.ts";
import { parseTimeout } from "../../lib/servicedir/wanted_state.ts";

export const table = {
  summary:
    "Removes the link of a service from a scan directory, tells s6-svscan, and waits until the supervisor has ended.",
  usage: "[ -X ] [ -t timeout ] scandir servicename",
  options: [
    { short: "X", text: "don't wait for the supervisor" },
    {
      short: "t",
      arg: "MS",
      text: "stop waiting after so many milliseconds, which is no error; 0, the default, is never",
    },
  ],
  exits: [["0", "the service has been taken out"], ["100", "wrong usage"], [
    "111",
    "system call failed",
  ]],
  example: "s6-svunlink /run/service db",
} as const satisfies CommandTable;

export async function main(context: Context): Promise<number> {
  const { flag, value, operands } = readCommandLine(context.argv, table);
  const timeoutMs = parseTimeout(value("t") ?? "0");
  const [scandir, name] = operands;
  if (scandir === undefined || name === undefined) {
    throw new UsageError("a scan directory and the name of a service are needed");
  }
  if (/^[./]|^$/.test(name)) throw new Failure(EXIT_USAGE, "invalid service name");
  const wait = !flag("X");
  const noticed = await unlinkService({ scandir, name, wait, timeoutMs });
  if (!noticed) {
    context.warn(`s6-svscan not running on ${scandir}: not waiting for the supervisor of ${name}`);
  }
  return 0;
}
