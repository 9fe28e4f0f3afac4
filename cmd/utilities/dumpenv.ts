/**
 * s6-dumpenv: keeps the environment in files. Source: s6-portable-utils, doc/s6-dumpenv.html,
 * s6-dumpenv.c.
 */
import { parseMode } from "../../lib/core/linux/file_mode.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { dumpEnvironment } from "../../lib/files/dump_environment.ts";
import type { Context } from "../context.ts";
import { USUAL_EXITS } from "../usual_exits.ts";

const DEFAULT_MODE = 0o755;

export const table = {
  summary:
    "Writes each variable of the environment into a file of its name, as s6-envdir reads them.",
  usage: "[ -N | -n ] [ -m mode ] envdir",
  options: [
    { short: "n", text: "write the values as they are, for s6-envdir -Lfn (the default)" },
    { short: "N", text: "write a newline after each, for s6-envdir -Lf" },
    {
      short: "m",
      arg: "MODE",
      text: "the permissions of the directory, if it has to be made; default: 0755",
    },
  ],
  exits: USUAL_EXITS,
  example: "s6-dumpenv -N -- /run/s6/container_environment",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { value, last, operands } = readCommandLine(context.argv, table);
  const text = value("m");
  const mode = text === undefined ? DEFAULT_MODE : parseMode(text);
  if (mode === undefined) {
    throw new UsageError(`invalid mode: ${text}; an octal number is wanted, like 0700`);
  }
  const [dir] = operands;
  if (dir === undefined) throw new UsageError("no directory given");
  const newline = last("n", "N") === "N";
  dumpEnvironment(context.env, dir, { mode, newline });
  return 0;
}
