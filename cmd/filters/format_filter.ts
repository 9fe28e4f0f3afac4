/**
 * s6-format-filter: puts lines into a format. Source: s6-portable-utils, doc/s6-format-filter.html,
 * s6-format-filter.c.
 */
import { EXIT_SYSTEM } from "../../lib/core/cli/exit_codes.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { type LineFormat, parseLineFormat } from "../../lib/utilities/core/line_format.ts";
import { type Context, Failure } from "../context.ts";
import { filterEachLine } from "./filter.ts";

const NUL = 0;
const LF = 10;
const MAX_ARGS = 9;

export const table = {
  summary:
    "Prints the format once for each line of standard input: %s is the line, %1 to %9 are the arguments, %0 the name of the command, %% a %.",
  usage: "format [ arg... ]",
  options: [],
  exits: [["0", "end of input"], ["100", "wrong usage"], [
    "111",
    "invalid format, or system call failed",
  ]],
  example: "s6-ls /run/service | s6-format-filter '%1/%s/down' /run/service",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const [format, ...args] = context.argv;
  if (format === undefined) throw new UsageError("no format given");
  const pieces = piecesOf(format, [context.program, ...args.slice(0, MAX_ARGS)]);
  filterEachLine(context, (line, ended, output) => {
    const end = line.indexOf(NUL); // a line is a string of C
    const text = end < 0 ? line : line.subarray(0, end);
    for (const piece of pieces) output.put(piece === "line" ? text : piece);
    if (ended) output.putByte(LF);
  });
  return 0;
}

function piecesOf(format: string, args: readonly string[]): LineFormat {
  try {
    return parseLineFormat(format, args);
  } catch (error) {
    throw error instanceof SyntaxError
      ? new Failure(EXIT_SYSTEM, `invalid format: ${error.message}`)
      : error;
  }
}
