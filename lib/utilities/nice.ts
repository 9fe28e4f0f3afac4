/**
 * s6-nice [ -I | -i ] [ -n value ] prog... Source: s6-portable-utils, doc/s6-nice.html, s6-nice.c.
 */
import { UsageError } from "../core/cli/getopt.ts";
import { needWords } from "../execline/arguments.ts";
import { goOn, type Link, type LinkResult } from "../execline/link.ts";
import { SyscallError } from "../libc/bind.ts";
import { addNiceness } from "../libc/resource_limit.ts";

const DEFAULT_INCREMENT = "10";
const MAX_INT = 0x7fffffff;

export const nice: Link = {
  nature: "process",
  run({ value, last, words, warn }): LinkResult {
    const increment = parseIncrement(value("n") ?? DEFAULT_INCREMENT);
    needWords(words, 1, "a program is");
    const result = addNiceness(increment);
    if (result < 0) {
      const failure = new SyscallError(`add ${increment} to the niceness`, -result);
      if (last("i", "I") === "i") throw failure;
      warn(failure.message);
    }
    return goOn(words);
  },
};

function parseIncrement(text: string): number {
  const value = /^[+-]?[0-9]+$/.test(text) ? Number(text) : NaN;
  if (!(Math.abs(value) <= MAX_INT)) {
    throw new UsageError(`invalid value: ${text}; a whole number is wanted`);
  }
  return value;
}
