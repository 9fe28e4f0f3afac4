/**
 * s6-dirname: prints a path without its last component. Source: s6-portable-utils,
 * doc/s6-dirname.html.
 */
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { encodePath } from "../../lib/core/text/path_bytes.ts";
import { dirName } from "../../lib/core/text/path_name.ts";
import type { Context } from "../context.ts";
import { printLine } from "./print_line.ts";
import { USUAL_EXITS } from "../usual_exits.ts";

export const table = {
  summary: "Prints a path without its last component.",
  usage: "[ -n ] path",
  options: [{ short: "n", text: "print no newline" }],
  exits: USUAL_EXITS,
  example: "s6-dirname /run/service/db",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { flag, operands } = readCommandLine(context.argv, table);
  const [path] = operands;
  if (path === undefined) throw new UsageError("no path given");
  printLine(context, encodePath(dirName(path)), { newline: !flag("n") });
  return 0;
}
