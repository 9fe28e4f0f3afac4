/**
 * s6-tai64n: puts a stamp before each line. Source: s6, doc/s6-tai64n.html. Lines that one read
 * brings get the same stamp.
 */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { stampLines } from "../../lib/logreader/core/stamped_lines.ts";
import { formatTai64n } from "../../lib/core/time/tain.ts";
import { wallclock } from "../../lib/libc/clock.ts";
import type { Context } from "../context.ts";
import { filterLines } from "./line_filter.ts";

const LF = 10;

export const table = {
  summary:
    "Copies standard input to standard output, with a TAI64N stamp and a blank before each line.",
  usage: "",
  options: [],
  exits: [["0", "end of input"], ["100", "wrong usage"], ["111", "system call failed"]],
  example: "make 2>&1 | s6-tai64n > make.log",
} as const satisfies CommandTable;

export function main(context: Context): number {
  readCommandLine(context.argv, table);
  filterLines(context, { lines: stamped, rest: (line) => stamped(finished(line)) });
  return 0;
}

function stamped(block: Uint8Array): Uint8Array<ArrayBuffer> {
  return stampLines(block, new TextEncoder().encode(`${formatTai64n(wallclock())} `));
}

function finished(line: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(line.length + 1);
  whole.set(line);
  whole[line.length] = LF;
  return whole;
}
