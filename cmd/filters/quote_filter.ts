/**
 * s6-quote-filter: quotes lines. Source: s6-portable-utils, doc/s6-quote-filter.html,
 * s6-quote-filter.c.
 */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import type { Context } from "../context.ts";
import { filterEachLine } from "./filter.ts";
import { QUOTE_OPTIONS, quoterFor } from "./quoter.ts";
import { USUAL_EXITS } from "../usual_exits.ts";

const LF = 10;

export const table = {
  summary:
    "Prints each line of standard input in double quotes, as printable ASCII that execlineb and s6-unquote-filter read back.",
  usage: "[ -u ] [ -d delim ]",
  options: QUOTE_OPTIONS,
  exits: USUAL_EXITS,
  example: "s6-ls /run/service | s6-quote-filter",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const quote = quoterFor(readCommandLine(context.argv, table));
  filterEachLine(context, (line, ended, output) => {
    output.put(quote(line));
    if (ended) output.putByte(LF);
  });
  return 0;
}
