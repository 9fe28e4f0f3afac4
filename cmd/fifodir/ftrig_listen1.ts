/**
 * s6-ftrig-listen1: listens in a fifodir, starts a program, waits for events.
 * Source: s6, doc/s6-ftrig-listen1.html, pipe-tools/s6-ftrig-listen1.c.
 */
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
import { startChildOfListener } from "./child_of_listener.ts";

const EXIT_NO_EVENT = 1;

export const table = {
  summary:
    "Listens in a fifodir, runs a program, waits until the events match an extended regular expression, and prints them.",
  usage: "[ -t timeout ] fifodir regexp prog...",
  options: [FTRIG_TIMEOUT_OPTION],
  exits: [["0", "the events matched"], ["1", "timed out"], ["100", "wrong usage"], [
    "111",
    "system call failed",
  ]],
  example: "s6-ftrig-listen1 /run/service/db/event U s6-svc -u /run/service/db",
} as const satisfies CommandTable;

export async function main(context: Context): Promise<number> {
  const given = readCommandLine(context.argv, table);
  const timeoutMs = timeoutOption(given);
  const [fifodir, pattern, ...program] = given.operands;
  if (fifodir === undefined || pattern === undefined || program.length === 0) {
    throw new UsageError("a fifodir, a regular expression and a program are needed");
  }
  const onSubscribed = () => startChildOfListener(program);
  const seen = await expectEvents([expectation(fifodir, pattern)], {
    any: false,
    timeoutMs,
    onSubscribed,
  });
  if (seen === undefined) {
    throw new Failure(EXIT_NO_EVENT, "unable to get expected event: timed out");
  }
  context.out(eventLine(seen[0]!));
  return 0;
}
