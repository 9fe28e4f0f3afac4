/**
 * s6-ftrig-wait: waits for events in a fifodir. Source: s6, doc/s6-ftrig-wait.html,
 * pipe-tools/s6-ftrig-wait.c. A timeout is exit code 99, as the program has it, not 1 as its page
 * says.
 */
import { EXIT_TIMED_OUT } from "../../lib/core/cli/exit_codes.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { expectEvents } from "../../lib/fifodir/expect.ts";
import { type Context, Failure } from "../context.ts";
import {
  eventLine,
  expectation,
  FTRIG_TIMEOUT_OPTION,
  timeoutOption,
} from "./ftrig_expectation.ts";

export const table = {
  summary:
    "Listens in a fifodir until the events since then match an extended regular expression, and prints them.",
  usage: "[ -t timeout ] fifodir regexp",
  options: [FTRIG_TIMEOUT_OPTION],
  exits: [["0", "the events matched"], ["99", "timed out"], ["100", "wrong usage"], [
    "111",
    "system call failed",
  ]],
  example: "s6-ftrig-wait -t 5000 /run/service/db/event 'd.*u'",
} as const satisfies CommandTable;

export async function main(context: Context): Promise<number> {
  const given = readCommandLine(context.argv, table);
  const timeoutMs = timeoutOption(given);
  const [fifodir, pattern] = given.operands;
  if (fifodir === undefined || pattern === undefined) {
    throw new UsageError("a fifodir and a regular expression are needed");
  }
  const seen = await expectEvents([expectation(fifodir, pattern)], {
    any: false,
    timeoutMs,
    onSubscribed: () => {},
  });
  if (seen === undefined) {
    throw new Failure(EXIT_TIMED_OUT, `unable to match regexp on ${pattern}: timed out`);
  }
  context.out(eventLine(seen[0]!));
  return 0;
}
