/**
 * shutdown: tells /init to stop the container now. Source: s6-linux-init,
 * doc/s6-linux-init-shutdown.html.
 */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import type { Context } from "../context.ts";
import { Failure } from "../context.ts";
import { askForEnd } from "./ask_for_end.ts";

export const table = {
  summary: "Tells /init to stop the container, as halt does. Comes back at once.",
  usage: "[ -h [ -H | -P ] | -p | -r ] [ -f | -F ] now [ message ]",
  options: [
    { short: "h", text: "halt; as -p and -r, for a container has no power to switch" },
    { short: "H", text: "with -h: halt" },
    { short: "P", text: "with -h: power off" },
    { short: "p", text: "power off" },
    { short: "r", text: "reboot" },
    { short: "f", text: "accepted, as everywhere: no file system is checked" },
    { short: "F", text: "accepted, as everywhere: no file system is checked" },
  ],
  exits: [["0", "/init has been told"], ["100", "wrong usage, or no /init listens"], [
    "111",
    "a system call failed",
  ]],
  example: "/run/s6/basedir/bin/shutdown -h now",
} as const satisfies CommandTable;

const NOW = new Set(["now", "0", "+0"]);

export function main(context: Context): number {
  const { operands: [time, ...message] } = readCommandLine(context.argv, table);
  if (time === undefined) throw new UsageError("no time given");
  if (!NOW.has(time)) {
    throw new Failure(
      EXIT_USAGE,
      `unable to wait until ${time}: a container is stopped now; have the engine stop it later`,
    );
  }
  if (message.length > 0) context.warn("nobody is logged in to be told the message");
  askForEnd(context, "t");
  return 0;
}
