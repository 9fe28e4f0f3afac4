/** s6-pause: waits to be killed. Source: s6-portable-utils, doc/s6-pause.html, s6-pause.c. */
import {
  type CommandTable,
  parseCommandLine,
  type ParsedOption,
  UsageError,
} from "../../lib/core/cli/getopt.ts";
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

const SIGNALS: Readonly<Record<string, number>> = {
  t: SIGTERM,
  h: SIGHUP,
  a: SIGALRM,
  q: SIGQUIT,
  b: SIGABRT,
  i: SIGINT,
};

export const table = {
  summary: "Waits until a signal ends it that it doesn't ignore.",
  usage: "[ -t ] [ -h ] [ -a ] [ -q ] [ -b ] [ -i ] [ -p signal,signal... ]",
  options: [
    { short: "t", text: "ignore SIGTERM" },
    { short: "h", text: "ignore SIGHUP" },
    { short: "a", text: "ignore SIGALRM" },
    { short: "q", text: "ignore SIGQUIT" },
    { short: "b", text: "ignore SIGABRT" },
    { short: "i", text: "ignore SIGINT" },
    { short: "p", arg: "SIGNALS", text: "ignore these, numbers with commas between them" },
  ],
  exits: [["100", "wrong usage"]],
  example: "s6-pause -h",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { options } = parseCommandLine(context.argv, table.options);
  const signals = options.flatMap(signalsOf);
  if (signals.length > MAX_SIGNALS) throw new UsageError(`more than ${MAX_SIGNALS} signals`);
  for (const signal of signals) ignore(signal);
  for (;;) pause();
}

function signalsOf({ name, value }: ParsedOption): readonly number[] {
  const signal = SIGNALS[name];
  if (signal !== undefined) return [signal];
  const listed = parseUintList(value);
  if (listed === undefined) {
    throw new UsageError(`invalid list of signals: ${value}; it consists of numbers and commas`);
  }
  return listed;
}
