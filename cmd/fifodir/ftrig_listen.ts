/**
 * s6-ftrig-listen: listens in several fifodirs, starts a program, waits for events in all or one of
 * them. Source: s6, doc/s6-ftrig-listen.html, pipe-tools/s6-ftrig-listen.c.
 */
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { expectEvents } from "../../lib/fifodir/expect.ts";
import { leadingBlock } from "./block.ts";
import { type Context, Failure } from "../context.ts";
import { expectation, FTRIG_TIMEOUT_OPTION, timeoutOption } from "./ftrig_expectation.ts";
import { startChildOfListener } from "./child_of_listener.ts";

const EXIT_NO_EVENT = 1;

export const table = {
  summary:
    "Listens in several fifodirs, runs a program, and waits until the events match extended regular expressions.",
  usage: '[ -a | -o ] [ -t timeout ] fifodir1 regexp1 ... "" prog...',
  options: [
    { short: "a", long: "and", text: "all fifodirs must have matching events (the default)" },
    { short: "o", long: "or", text: "one fifodir with matching events is enough" },
    FTRIG_TIMEOUT_OPTION,
  ],
  exits: [["0", "the events matched"], ["1", "timed out"], ["100", "wrong usage"], [
    "111",
    "system call failed",
  ]],
  example:
    's6-ftrig-listen -o /run/service/a/event U /run/service/b/event U "" s6-svc -u /run/service/a /run/service/b',
} as const satisfies CommandTable;

export async function main(context: Context): Promise<number> {
  const given = readCommandLine(context.argv, table);
  const { last, operands } = given;
  const timeoutMs = timeoutOption(given);
  const any = last("a", "o") === "o";
  if (operands.length < 4) {
    throw new UsageError("a block of fifodirs and regular expressions and a program are needed");
  }
  const { block, rest: program } = leadingBlock(context, operands, "fifodir+regex");
  if (block.length === 0 || block.length % 2 !== 0) {
    throw new UsageError("each fifodir needs a regular expression");
  }
  if (program.length === 0) throw new UsageError("no program given");
  const expectations = [];
  for (let i = 0; i < block.length; i += 2) {
    expectations.push(expectation(block[i]!, block[i + 1]!));
  }
  const onSubscribed = () => startChildOfListener(program);
  const seen = await expectEvents(expectations, { any, timeoutMs, onSubscribed });
  if (seen === undefined) {
    throw new Failure(EXIT_NO_EVENT, "unable to get expected event: timed out");
  }
  return 0;
}
