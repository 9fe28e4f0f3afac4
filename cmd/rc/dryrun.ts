/**
 * s6-rc-dryrun: says what would be run, and takes some time for it. Source: s6-rc,
 * doc/s6-rc-dryrun.html, s6-rc-dryrun.c.
 */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { parseCommandLine, UsageError } from "../../lib/core/cli/getopt.ts";
import { sleepFor } from "../../lib/libc/sleep.ts";
import type { Context } from "../context.ts";
import { usageOnly } from "./gol_options.ts";

const DEFAULT_MS = 1000;
const LARGEST = 0xffffffff;

export const helpAlone = true;

export const table: CommandTable = {
  summary: "Prints its words, waits, and succeeds: what s6-rc -n runs in place of everything else.",
  usage: "[ -v verbosity ] [ -t timeout ] args...",
  options: [
    { short: "v", arg: "N", text: "0 prints nothing" },
    { short: "t", arg: "MS", text: "wait so many milliseconds; default 1000" },
  ],
  exits: [["0", "it has waited"], ["100", "wrong usage"]],
  example: "s6-rc-dryrun -t 0 s6-svc -u /run/service/web",
};

export function main(context: Context): number {
  const { options, operands } = parse(context.argv);
  const number = (letter: string, otherwise: number): number => {
    const text = options.findLast(({ name }) => name === letter)?.value;
    if (text === undefined) return otherwise;
    if (!/^[0-9]+$/.test(text) || Number(text) > LARGEST) throw usageOnly();
    return Number(text);
  };
  const verbosity = number("v", 1);
  const ms = number("t", DEFAULT_MS);
  if (operands.length === 0) throw usageOnly();
  if (verbosity > 0) context.out(`${context.program}: ${operands.join(" ")}\n`);
  sleepFor(ms);
  return 0;
}

/** What is wrong with a command line is not told, only how it should be. */
function parse(argv: readonly string[]): ReturnType<typeof parseCommandLine> {
  try {
    return parseCommandLine(argv, table.options);
  } catch (error) {
    throw error instanceof UsageError ? usageOnly() : error;
  }
}
