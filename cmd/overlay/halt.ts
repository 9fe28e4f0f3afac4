/**
 * halt, poweroff, reboot: tell /init to stop the container. All three do the same, since there is
 * no machine here to be switched off. Source: s6-linux-init, doc/s6-linux-init-hpr.html.
 */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import type { Context } from "../context.ts";
import { askForEnd } from "./ask_for_end.ts";

export const table = {
  summary:
    "Tells /init to stop the container: services, scripts of cont-finish.d, whatever else runs. Comes back at once.",
  usage: "[ -f ] [ -h | -p | -r ] [ -n ] [ -d | -w ] [ -W ]",
  options: [
    { short: "f", text: "at once: nobody is waited for" },
    { short: "h", text: "halt; as -p and -r, for a container has no power to switch" },
    { short: "p", text: "power off" },
    { short: "r", text: "reboot" },
    { short: "w", text: "only write a wtmp entry, which a container does not have: do nothing" },
    { short: "n", text: "accepted: there are no file systems of the container's own to be synced" },
    { short: "d", text: "accepted: there is no wtmp" },
    { short: "W", text: "accepted: nobody is logged in to be told" },
  ],
  exits: [["0", "/init has been told"], ["100", "wrong usage, or no /init listens"], [
    "111",
    "a system call failed",
  ]],
  example: "/run/s6/basedir/bin/halt",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { flag, operands } = readCommandLine(context.argv, table);
  if (operands.length > 0) throw new UsageError(`unexpected argument: ${operands[0]}`);
  if (!flag("w")) askForEnd(context, flag("f") ? "b" : "t");
  return 0;
}
