/**
 * s6-rc-dryrun: prints what would be run, and waits some time for each. Source: s6-rc,
 * doc/s6-rc-dryrun.html, s6-rc-dryrun.c.
 */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { type Given, readCommandLine } from "../../lib/core/cli/given.ts";
import { sleepFor } from "../../lib/libc/sleep.ts";
import type { Context } from "../context.ts";
import { usageOnly } from "./gol_options.ts";

const DEFAULT_MS = 1000;
const LARGEST = 0xffffffff;

export const helpAlone = true;

export const table = {
  summary: "Prints its words, waits, and succeeds: what s6-rc -n runs in place of everything else.",
  usage: "[ -v verbosity ] [ -t timeout ] args...",
  options: [
    { short: "v", arg: "N", text: "0 prints nothing" },
    { short: "t", arg: "MS", text: "wait so many milliseconds; default 1000" },
  ],
  exits: [["0", "it has waited"], ["100", "wrong usage"]],
  example: "s6-rc-dryrun -t 0 s6-svc -u /run/service/web",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { value, operands } = read(context.argv);
  const verbosity = numberOr(1, value("v"));
  const ms = numberOr(DEFAULT_MS, value("t"));
  if (operands.length === 0) throw usageOnly();
  if (verbosity > 0) context.out(`${context.program}: ${operands.join(" ")}\n`);
  sleepFor(ms);
  return 0;
}

function numberOr(otherwise: number, text: string | undefined): number {
  if (text === undefined) return otherwise;
  if (!/^[0-9]+$/.test(text) || Number(text) > LARGEST) throw usageOnly();
  return Number(text);
}

/** For a wrong command line it prints only the usage, and not the mistake. */
function read(argv: readonly string[]): Given<typeof table.options[number]> {
  try {
    return readCommandLine(argv, table);
  } catch (error) {
    throw error instanceof UsageError ? usageOnly() : error;
  }
}
