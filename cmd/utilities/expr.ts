/** s6-expr: computes. Source: s6-portable-utils, doc/s6-expr.html, s6-expr.c; POSIX, expr. */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { evaluateExpression } from "../../lib/utilities/core/integer_expression.ts";
import { type Context, Failure } from "../context.ts";

const EXIT_NOT_ZERO = 0;
const EXIT_ZERO = 1;
const EXIT_INVALID = 2;

export const table = {
  summary:
    "Prints the value of an expression of whole numbers: ( ) * / % + - = != < <= > >= & |, each of them an argument.",
  usage: "expression...",
  options: [],
  exits: [
    ["0", "the value is not 0"],
    ["1", "it is 0"],
    ["2", "the expression is invalid, or divides by zero"],
    ["111", "system call failed"],
  ],
  example: 's6-expr "(" 5 + 3 ")" "*" 2',
} as const satisfies CommandTable;

export function main(context: Context): number {
  const value = valueOf(context.argv);
  context.out(`${value}\n`);
  return value === 0n ? EXIT_ZERO : EXIT_NOT_ZERO;
}

function valueOf(words: readonly string[]): bigint {
  try {
    return evaluateExpression(words);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) {
      throw new Failure(EXIT_INVALID, `invalid expression: ${error.message}`);
    }
    throw error;
  }
}
