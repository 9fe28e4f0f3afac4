/** s6-quote: quotes a string. Source: s6-portable-utils, doc/s6-quote.html, s6-quote.c. */
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { encodePath } from "../../lib/core/text/path_bytes.ts";
import type { Context } from "../context.ts";
import { printLine } from "../utilities/print_line.ts";
import { QUOTE_OPTIONS, quoterFor } from "./quoter.ts";
import { USUAL_EXITS } from "../usual_exits.ts";

export const table = {
  summary:
    "Prints a string in double quotes, as printable ASCII that execlineb and s6-unquote read back.",
  usage: "[ -n ] [ -u ] [ -d delim ] string",
  options: [...QUOTE_OPTIONS, { short: "n", text: "print no newline" }],
  exits: USUAL_EXITS,
  example: `s6-quote 'say "hello"'`,
} as const satisfies CommandTable;

export function main(context: Context): number {
  const given = readCommandLine(context.argv, table);
  const [string] = given.operands;
  if (string === undefined) throw new UsageError("no string given");
  const quote = quoterFor(given);
  printLine(context, quote(encodePath(string)), {
    newline: !given.flag("n"),
  });
  return 0;
}
