/**
 * s6-basename: prints the last component of a path. Source: s6-portable-utils,
 * doc/s6-basename.html.
 */
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { encodePath } from "../../lib/core/text/path_bytes.ts";
import { baseName, withoutSuffix } from "../../lib/core/text/path_name.ts";
import type { Context } from "../context.ts";
import { printLine } from "./print_line.ts";
import { USUAL_EXITS } from "../usual_exits.ts";

export const table = {
  summary:
    "Prints the last component of a path, without the suffix, if that is given and not all of it.",
  usage: "[ -n ] path [ suffix ]",
  options: [{ short: "n", text: "print no newline" }],
  exits: USUAL_EXITS,
  example: "s6-basename /etc/cont-init.d/10-users.sh .sh",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { flag, operands } = readCommandLine(context.argv, table);
  const [path, suffix = ""] = operands;
  if (path === undefined) throw new UsageError("no path given");
  printLine(context, withoutSuffix(encodePath(baseName(path)), encodePath(suffix)), {
    newline: !flag("n"),
  });
  return 0;
}
