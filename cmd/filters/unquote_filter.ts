/**
 * s6-unquote-filter: undoes s6-quote-filter. Source: s6-portable-utils, doc/s6-unquote-filter.html,
 * s6-unquote-filter.c.
 */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { readDelimited } from "../../lib/utilities/core/delimited.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { decodePath } from "../../lib/core/text/path_bytes.ts";
import type { UnquoteError } from "../../lib/core/shell/quoting.ts";
import type { Output } from "../../lib/files/output.ts";
import { type Context, Failure } from "../context.ts";
import { filterEachLine } from "./filter.ts";
import { delimitersOf } from "./quote_delimiters.ts";

const LF = 10;
const LONGEST_SHOWN = 39;
const SHOWN_OF_LONGER = 36;

/** From the most lenient on. */
type Strictness = "q" | "Q" | "v" | "w";

export const table = {
  summary:
    "Prints what each quoted line of standard input means, and other lines as they are, with a warning.",
  usage: "[ -q | -Q | -v | -w ] [ -d delim ]",
  options: [
    { short: "q", text: "don't warn" },
    { short: "Q", text: "warn of lines that are not quoted as they should be (the default)" },
    { short: "v", text: "warn with details, and also of what follows the quoted string" },
    { short: "w", text: "exit 100 at the first such line" },
    {
      short: "d",
      arg: "DELIM",
      text:
        "the quote characters; default: the double quote. With an empty DELIM lines have no quotes",
    },
  ],
  exits: [["0", "end of input"], [
    "100",
    "wrong usage, or with -w: a line is not quoted as it should be",
  ], ["111", "system call failed"]],
  example: "s6-quote-filter < names | s6-unquote-filter",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { value, last } = readCommandLine(context.argv, table);
  const strictness = last("q", "Q", "v", "w") ?? "Q";
  const delimiters = delimitersOf(value("d"));
  filterEachLine(context, (line, ended, output) => {
    output.put(unquotedLine(line, { context, strictness, delimiters, output }));
    if (ended) output.putByte(LF);
  });
  return 0;
}

interface Unquoting {
  readonly context: Context;
  readonly strictness: Strictness;
  readonly delimiters: Uint8Array;
  readonly output: Output;
}

/**
 * What to print for a line: what it means; nothing for an empty one; itself if it means nothing.
 */
function unquotedLine(
  line: Uint8Array<ArrayBuffer>,
  { context, strictness, delimiters, output }: Unquoting,
): Uint8Array<ArrayBuffer> {
  const result = readLine(line, delimiters);
  const where = strictness === "v" ? ` in line: ${shown(line)}` : "";
  if (result.kind === "text") {
    if (result.end < line.length && (strictness === "v" || strictness === "w")) {
      context.warn(
        `the quoted string ends at character ${result.end - 1} of ${
          line.length - 1
        }; ignoring the rest in line: ${shown(line)}`,
      );
    }
    return result.bytes;
  }
  const complaint = `unable to unquote: ${result.reason}${where}`;
  if (strictness === "w") {
    output.flush(); // the lines before it were good
    throw new Failure(EXIT_USAGE, complaint);
  }
  if (strictness !== "q") context.warn(complaint);
  return line;
}

function readLine(
  line: Uint8Array<ArrayBuffer>,
  delimiters: Uint8Array,
): ReturnType<typeof readDelimited> {
  if (delimiters.length > 0 && line.length === 0) {
    return { kind: "error", reason: "empty line", at: 0 };
  }
  try {
    return readDelimited(line, delimiters);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { kind: "error", reason: error.message, at: 0 } satisfies UnquoteError;
  }
}

/** A line in a message: its beginning, if it is long. */
function shown(line: Uint8Array): string {
  return line.length < LONGEST_SHOWN
    ? decodePath(line)
    : `${decodePath(line.subarray(0, SHOWN_OF_LONGER))}...`;
}
