/** s6-grep: prints the lines that match. Source: s6-portable-utils, doc/s6-grep.html, s6-grep.c. */
import { EXIT_SYSTEM } from "../../lib/core/cli/exit_codes.ts";
import { includesBytes, lowerCaseBytes } from "../../lib/core/text/bytes.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { encodePath } from "../../lib/core/text/path_bytes.ts";
import { Regex } from "../../lib/libc/regex.ts";
import { type Context, Failure } from "../context.ts";
import { filterEachLine } from "./filter.ts";

const EXIT_MATCHED = 0;
const EXIT_NOT_MATCHED = 1;
const NUL = 0;
const LF = 10;

export const table = {
  summary: "Prints the lines of standard input that a basic regular expression of POSIX matches.",
  usage: "[ -E | -F ] [ -i ] [ -c ] [ -n ] [ -q ] [ -v ] pattern",
  options: [
    { short: "E", text: "the pattern is an extended regular expression" },
    { short: "F", text: "the pattern is plain text" },
    { short: "i", text: "don't distinguish capital and small letters" },
    { short: "c", text: "print only how many lines match" },
    { short: "n", text: "print the number of the line and a colon before each" },
    { short: "q", text: "print nothing" },
    { short: "v", text: "print the lines that don't match" },
  ],
  exits: [["0", "a line was found"], ["1", "none was"], ["100", "wrong usage"], [
    "111",
    "invalid pattern, or system call failed",
  ]],
  example: "s6-grep -q '^nobody:' < /etc/passwd",
} as const satisfies CommandTable;

type Matcher = (text: Uint8Array<ArrayBuffer>) => boolean;

export function main(context: Context): number {
  const { flag, operands } = readCommandLine(context.argv, table);
  const [pattern] = operands;
  if (pattern === undefined) throw new UsageError("no pattern given");
  using regex = flag("F")
    ? undefined
    : compile(pattern, { basic: !flag("E"), ignoreCase: flag("i") });
  const matches: Matcher = regex === undefined
    ? textMatcher(pattern, flag("i"))
    : (text) => regex.test(text);
  const wanted = !flag("v");
  const printsLines = !flag("q") && !flag("c");
  const printsNumbers = flag("n");
  let number = 0;
  let found = 0;
  filterEachLine(context, (line, _ended, output) => {
    number++;
    const end = line.indexOf(NUL); // a line is a string of C
    if (matches(end < 0 ? line : line.subarray(0, end)) !== wanted) return;
    found++;
    if (!printsLines) return;
    if (printsNumbers) output.put(encodePath(`${number}:`));
    output.put(line);
    output.putByte(LF);
  });
  if (flag("c") && !flag("q")) context.out(`${found}\n`);
  return found > 0 ? EXIT_MATCHED : EXIT_NOT_MATCHED;
}

function textMatcher(pattern: string, ignoreCase: boolean): Matcher {
  const needle = encodePath(pattern);
  if (!ignoreCase) return (text) => includesBytes(text, needle);
  const folded = lowerCaseBytes(needle);
  return (text) => includesBytes(lowerCaseBytes(text), folded);
}

function compile(
  pattern: string,
  options: { readonly basic: boolean; readonly ignoreCase: boolean },
): Regex {
  try {
    return new Regex(pattern, options);
  } catch (error) {
    throw error instanceof SyntaxError
      ? new Failure(EXIT_SYSTEM, `invalid regular expression ${pattern}: ${error.message}`)
      : error;
  }
}
