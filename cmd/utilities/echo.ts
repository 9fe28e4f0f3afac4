/** s6-echo: prints its arguments. Source: s6-portable-utils, doc/s6-echo.html, s6-echo.c. */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { encodePath } from "../../lib/core/text/path_bytes.ts";
import { Output } from "../../lib/files/output.ts";
import type { Context } from "../context.ts";
import { USUAL_EXITS } from "../usual_exits.ts";

const BLANK = 0x20;
const LF = 10;

export const table = {
  summary:
    "Prints its arguments, with a blank between them and a newline at the end. Nothing in them is interpreted.",
  usage: "[ -n ] [ -s sep ] [ -- ] arg...",
  options: [
    { short: "n", text: "print no newline" },
    {
      short: "s",
      arg: "SEP",
      text: "print the first byte of SEP between them; of an empty SEP: a NUL",
    },
  ],
  exits: USUAL_EXITS,
  example: 's6-echo -- "starting $1"',
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { flag, value, operands } = readCommandLine(context.argv, table);
  const separator = value("s");
  const between = separator === undefined ? BLANK : encodePath(separator)[0] ?? 0;
  const output = new Output(context.stdout);
  for (const [i, operand] of operands.entries()) {
    if (i > 0) output.putByte(between);
    output.put(encodePath(operand));
  }
  if (!flag("n")) output.putByte(LF);
  output.flush();
  return 0;
}
