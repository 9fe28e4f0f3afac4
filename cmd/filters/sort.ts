/** s6-sort: sorts lines. Source: s6-portable-utils, doc/s6-sort.html, s6-sort.c. */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import {
  isSorted,
  lineComparison,
  lineSpans,
  sortedLines,
  withoutDuplicates,
} from "../../lib/utilities/core/line_order.ts";
import { readAll, standardInput } from "../../lib/files/input.ts";
import { Output } from "../../lib/files/output.ts";
import type { Context } from "../context.ts";

const LF = 10;
const NUL = 0;
const EXIT_UNSORTED = 1;

export const table = {
  summary:
    "Sorts the lines of standard input by their bytes. Lines that compare as equal stay in their order.",
  usage: "[ -bcfru0 ]",
  options: [
    { short: "b", text: "ignore blanks and tabs at the beginning of lines" },
    { short: "c", text: "print nothing; tell by the exit code whether the input is sorted" },
    { short: "f", text: "don't distinguish capital and small letters" },
    { short: "r", text: "sort in reverse" },
    { short: "u", text: "print only the last of equal lines" },
    { short: "0", text: "lines end with a NUL, not with a newline" },
  ],
  exits: [["0", "success"], ["1", "with -c: the input is not sorted"], ["100", "wrong usage"], [
    "111",
    "system call failed",
  ]],
  example: "s6-ls /run/service | s6-sort",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { flag } = readCommandLine(context.argv, table);
  const separator = flag("0") ? NUL : LF;
  const bytes = readAll(standardInput(context.stdin));
  const spans = lineSpans(bytes, separator);
  const count = spans.starts.length;
  const compare = lineComparison(bytes, spans, {
    skipBlanks: flag("b"),
    ignoreCase: flag("f"),
    reverse: flag("r"),
  });
  if (flag("c")) return isSorted(count, compare, { strict: flag("u") }) ? 0 : EXIT_UNSORTED;
  const sorted = sortedLines(count, compare);
  const output = new Output(context.stdout);
  for (const line of flag("u") ? withoutDuplicates(sorted, compare) : sorted) {
    output.put(bytes.subarray(spans.starts[line], spans.ends[line]));
    output.putByte(separator);
  }
  output.flush();
  return 0;
}
