/**
 * s6-uniquename: makes up a name that nobody has. Source: s6-portable-utils,
 * doc/s6-uniquename.html, s6-uniquename.c.
 */
import { parseUint } from "../../lib/core/linux/config_file.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { encodePath } from "../../lib/core/text/path_bytes.ts";
import { uniqueName } from "../../lib/files/unique_name.ts";
import type { Context } from "../context.ts";
import { printLine } from "./print_line.ts";
import { USUAL_EXITS } from "../usual_exits.ts";

const DEFAULT_LETTERS = 8;

export const table = {
  summary:
    "Prints PREFIX:TIME:PID:HOST:RANDOM, a file name that nobody else has. The file is not created.",
  usage: "[ -n randomlen ] prefix",
  options: [{
    short: "n",
    arg: "LEN",
    text: "so many random letters; default: 8; 0: none, and no colon before them",
  }],
  exits: USUAL_EXITS,
  example: "s6-uniquename /tmp/report",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { value, operands } = readCommandLine(context.argv, table);
  const length = value("n");
  const letters = length === undefined ? DEFAULT_LETTERS : parseUint(length);
  if (letters === undefined) throw new UsageError(`invalid number: ${length}`);
  const [prefix] = operands;
  if (prefix === undefined) throw new UsageError("no prefix given");
  printLine(context, encodePath(uniqueName(prefix, letters)), { newline: true });
  return 0;
}
