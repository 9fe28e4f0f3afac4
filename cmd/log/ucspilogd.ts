/**
 * ucspilogd: names the facility and the priority of syslog messages. Source: s6,
 * doc/ucspilogd.html, daemontools-extras/ucspilogd.c.
 */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { endLinesAtNul } from "../../lib/logdir/core/line_block.ts";
import { encodePath } from "../../lib/core/text/path_bytes.ts";
import { namedLines } from "../../lib/logdir/core/syslog_line.ts";
import { getenv } from "../../lib/libc/environ.ts";
import type { Context } from "../context.ts";
import { filterLines } from "./line_filter.ts";

const LF = 10;

export const table = {
  summary:
    "Copies syslog messages, which end with a newline or a NUL, as lines; codes like <13> become names like user.notice.",
  usage: "[ -D undef ] [ var... ]",
  options: [{
    short: "D",
    arg: "UNDEF",
    text: "what to print for a variable that is not set; default: <undefined>",
  }],
  exits: [["0", "end of input"], ["100", "wrong usage"], ["111", "system call failed"]],
  example: "s6-ipcserver /dev/log ucspilogd IPCREMOTEEUID",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { value, operands } = readCommandLine(context.argv, table);
  const substitute = encodePath(value("D") ?? "<undefined>");
  const head = joined(operands.flatMap((name) => [getenv(name) ?? substitute, encodePath(": ")]));
  filterLines(context, {
    prepare: endLinesAtNul,
    lines: (block) => namedLines(block, head),
    rest: (line) => namedLines(joined([line, Uint8Array.of(LF)]), head),
  });
  return 0;
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
