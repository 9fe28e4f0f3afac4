/**
 * s6-logwatch: follows a log directory. Source: s6-linux-utils, doc/s6-logwatch.html, s6-logwatch.c.
 */
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { parseUint } from "../../lib/core/linux/config_file.ts";
import { watchCurrent } from "../../lib/machine/watch_current.ts";
import type { Context } from "../context.ts";

export const table = {
  summary:
    "Prints the file `current` of a log directory and whatever is appended to it, across rotations.",
  usage: "[ logdir ]",
  options: [{
    short: "m",
    arg: "BYTES",
    text: "deprecated and without effect: what has come is printed at once",
  }],
  exits: [
    ["0", "nobody reads the output any more"],
    ["100", "wrong usage"],
    ["111", "system call failed"],
  ],
  example: "s6-logwatch /var/log/web",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { value, operands } = readCommandLine(context.argv, table);
  const bytes = value("m");
  if (bytes !== undefined) {
    if (parseUint(bytes) === undefined) throw new UsageError(`invalid number of bytes: ${bytes}`);
    context.warn("the -m option is deprecated");
  }
  watchCurrent(operands[0] ?? ".", context.stdout);
  return 0;
}
