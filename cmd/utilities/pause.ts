/** s6-pause: waits to be killed. Source: s6-portable-utils, doc/s6-pause.html, s6-pause.c. */
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { parseUintList } from "../../lib/core/linux/number_list.ts";
import {
  SIGABRT,
  SIGALRM,
  SIGHUP,
  SIGINT,
  SIGQUIT,
  SIGTERM,
} from "../../lib/core/linux/signals.ts";
import { ignore } from "../../lib/libc/disposition.ts";
import { pause } from "../../lib/libc/sleep.ts";
import type { Context } from "../context.ts";

const MAX_SIGNALS = 64;

export const table = {
  summary: "Waits until a signal ends it that it doesn't ignore.",
  usage: "[ -t ] [ -h ] [ -a ] [ -q ] [ -b ] [ -i ] [ -p signal,signal... ]",
  options: [
    { short: "t", text: "ignore SIGTERM", means: SIGTERM },
    { short: "h", text: "ignore SIGHUP", means: SIGHUP },
    { short: "a", text: "ignore SIGALRM", means: SIGALRM },
    { short: "q", text: "ignore SIGQUIT", means: SIGQUIT },
    { short: "b", text: "ignore SIGABRT", means: SIGABRT },
    { short: "i", text: "ignore SIGINT", means: SIGINT },
    { short: "p", arg: "SIGNALS", text: "ignore these, numbers with commas between them" },
  ],
  exits: [["100", "wrong usage"]],
  example: "s6-pause -h",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const signals = readCommandLine(context.argv, table).rows().flatMap(({ row, value }) =>
    "means" in row ? [row.means] : listedSignals(value)
  );
  if (signals.length > MAX_SIGNALS) throw new UsageError(`more than ${MAX_SIGNALS} signals`);
  for (const signal of signals) ignore(signal);
  for (;;) pause();
}

function listedSignals(text: string): readonly number[] {
  const listed = parseUintList(text);
  if (listed === undefined) {
    throw new UsageError(`invalid list of signals: ${text}; it consists of numbers and commas`);
  }
  return listed;
}
