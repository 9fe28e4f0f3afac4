/** s6-unquote: undoes s6-quote. Source: s6-portable-utils, doc/s6-unquote.html, s6-unquote.c. */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { type DelimitedText, readDelimited } from "../../lib/utilities/core/delimited.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { encodePath } from "../../lib/core/text/path_bytes.ts";
import type { UnquoteError } from "../../lib/core/shell/quoting.ts";
import { type Context, Failure } from "../context.ts";
import { printLine } from "../utilities/print_line.ts";
import { delimitersOf } from "./quote_delimiters.ts";

export const table = {
  summary:
    "Prints what a quoted string means. It begins and ends with a quote character; what follows is ignored, with a warning.",
  usage: "[ -n ] [ -d delim ] string",
  options: [
    {
      short: "d",
      arg: "DELIM",
      text:
        "the quote characters; default: the double quote. With an empty DELIM the string has no quotes",
    },
    { short: "n", text: "print no newline" },
  ],
  exits: [["0", "success"], ["100", "wrong usage, or the string is not quoted as it should be"], [
    "111",
    "system call failed",
  ]],
  example: `s6-unquote '"two\\nlines"'`,
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { flag, value, operands } = readCommandLine(context.argv, table);
  const [string] = operands;
  if (string === undefined) throw new UsageError("no string given");
  const quoted = encodePath(string);
  const result = unquoted(quoted, delimitersOf(value("d")));
  if (result.kind === "error") {
    throw new Failure(EXIT_USAGE, `unable to unquote at character ${result.at}: ${result.reason}`);
  }
  if (result.end < quoted.length) {
    context.warn(
      `the quoted string ends at character ${result.end - 1} of ${
        quoted.length - 1
      }; ignoring the rest`,
    );
  }
  printLine(context, result.bytes, { newline: !flag("n") });
  return 0;
}

function unquoted(quoted: Uint8Array, delimiters: Uint8Array): DelimitedText | UnquoteError {
  try {
    return readDelimited(quoted, delimiters);
  } catch (error) {
    throw error instanceof RangeError
      ? new Failure(EXIT_USAGE, `unable to unquote: ${error.message}`)
      : error;
  }
}
