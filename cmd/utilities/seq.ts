/** s6-seq: prints numbers. Source: s6-portable-utils, doc/s6-seq.html, s6-seq.c. */
import { parseUint } from "../../lib/core/linux/config_file.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { encodePath } from "../../lib/core/text/path_bytes.ts";
import { Output } from "../../lib/files/output.ts";
import type { Context } from "../context.ts";
import { USUAL_EXITS } from "../usual_exits.ts";

const NUL = 0;

export const table = {
  summary: "Prints the whole numbers from FIRST (default: 1) to LAST, with a newline after each.",
  usage: "[ -w ] [ -s separator ] [ first [ increment ] ] last",
  options: [
    { short: "w", text: "print all with the same width, with zeros in front" },
    { short: "s", arg: "SEP", text: "print SEP after each; of an empty SEP: a NUL" },
  ],
  exits: USUAL_EXITS,
  example: "s6-seq -w 8 10",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { flag, value, operands } = readCommandLine(context.argv, table);
  const { first, increment, last } = parseLimits(operands);
  const separator = encodePath(value("s") ?? "\n");
  const end = separator.length === 0 ? Uint8Array.of(NUL) : separator;
  const width = flag("w") ? String(last - (last - first) % increment).length : 0;
  const output = new Output(context.stdout);
  for (let number = first; number <= last; number += increment) {
    output.put(encodePath(String(number).padStart(width, "0")));
    output.put(end);
  }
  output.flush();
  return 0;
}

function parseLimits(
  operands: readonly string[],
): { readonly first: number; readonly increment: number; readonly last: number } {
  const numbers = operands.map((text) => {
    const number = parseUint(text);
    if (number === undefined) {
      throw new UsageError(`invalid number: ${text}; a whole number below 4294967296 is wanted`);
    }
    return number;
  });
  if (numbers.length < 1 || numbers.length > 3) {
    throw new UsageError("one, two or three numbers are wanted");
  }
  const first = numbers.length > 1 ? numbers[0]! : 1;
  const increment = numbers.length > 2 ? numbers[1]! : 1;
  if (increment === 0) throw new UsageError("an increment of 0 leads nowhere");
  return { first, increment, last: numbers.at(-1)! };
}
