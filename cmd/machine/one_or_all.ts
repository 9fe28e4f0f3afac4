/** Commands that do the same to one thing that is named, or with -a to all that a table lists. */
import { type CommandTable, type OptionSpec, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { checked } from "../../lib/libc/bind.ts";
import { attemptAll } from "../../lib/machine/tables.ts";
import type { Context } from "../context.ts";

/** The option, with a text of the command's own. */
export function allOption<const T extends string>(text: T): {
  readonly short: "a";
  readonly long: "all";
  readonly text: T;
} {
  return { short: "a", long: "all", text };
}

export const ONE_OR_ALL_EXITS: CommandTable["exits"] = [
  ["0", "success"],
  ["n", "with -a: the number of those that it could not be done to"],
  ["100", "wrong usage"],
  ["111", "system call failed"],
];

export interface OneOrAll {
  readonly options: readonly OptionSpec[];
  /** What it is done to, for the message. */
  readonly operand: string;
  /** Words that fit `unable to VERB NAME`. */
  readonly verb: string;
  /** 0, or `-errno`. */
  readonly act: (name: string) => number;
  /** All of them. @throws {SyscallError} If that can't be found out. */
  readonly all: () => readonly string[];
}

/** @throws {SyscallError} If it can't be done to the one that is named. */
export function oneOrAll(context: Context, { options, operand, verb, act, all }: OneOrAll): number {
  const { flag, operands: [name] } = readCommandLine(context.argv, { options });
  if (flag("a")) {
    const attempt = (each: string) => ({ action: `${verb} ${each}`, result: act(each) });
    return attemptAll(all(), attempt, context.warn);
  }
  if (name === undefined) throw new UsageError(`no ${operand} given`);
  checked(`${verb} ${name}`, act(name));
  return 0;
}
