/**
 * with-retries: runs a program until it succeeds, a few times. Source: s6-overlay 3.2.3,
 * with-retries.
 */
import { parseUint } from "../../lib/core/linux/config_file.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { retry } from "../../lib/overlay/retry.ts";
import type { Context } from "../context.ts";

const EXIT_FAILED = 1;

export const table = {
  summary: "Runs a program until it exits with 0, a number of times at most.",
  usage: "[ -n tries ] [ -t timeout ] prog...",
  options: [
    { short: "n", arg: "TRIES", text: "how often at most (3)" },
    {
      short: "t",
      arg: "MS",
      text: "a try that takes longer is ended with SIGTERM and has failed (500; 0: no limit)",
    },
  ],
  exits: [["0", "it has succeeded"], ["1", "every try has failed"], ["100", "wrong usage"]],
  example: "with-retries -n 10 -t 1000 pg_isready",
} as const satisfies CommandTable;

function numberOf(option: string, text: string): number {
  const number = parseUint(text);
  if (number === undefined) throw new UsageError(`option ${option} takes a number, not ${text}`);
  return number;
}

export async function main(context: Context): Promise<number> {
  const { value, operands } = readCommandLine(context.argv, table);
  if (operands.length === 0) throw new UsageError("no program given");
  const tries = numberOf("-n", value("n") ?? "3");
  const timeoutMs = numberOf("-t", value("t") ?? "500");
  return await retry(operands, { tries, timeoutMs, warn: context.warn }) ? 0 : EXIT_FAILED;
}
