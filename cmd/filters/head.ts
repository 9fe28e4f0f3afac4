/**
 * s6-head: prints the beginning of its input. Source: s6-portable-utils, doc/s6-head.html,
 * s6-head.c.
 */
import { parseUint } from "../../lib/core/linux/config_file.ts";
import {
  type CommandTable,
  type OptionSpec,
  parseCommandLine,
  UsageError,
} from "../../lib/core/cli/getopt.ts";
import { copyFirstLines } from "../../lib/files/head.ts";
import { copyInput, type Input, openInput, standardInput } from "../../lib/files/input.ts";
import { close } from "../../lib/libc/file.ts";
import type { Context } from "../context.ts";
import { USUAL_EXITS } from "../usual_exits.ts";

const DEFAULT_LINES = 10;

export const table = {
  summary:
    "Prints the first ten lines of each file, or of standard input. Several files have their names above them.",
  usage: "[ -S ] [ -1..9 | -n lines | -c chars ] [ file... ]",
  options: [
    { short: "1", text: "print one line; -2 to -9 print so many" },
    { short: "n", arg: "LINES", text: "print so many lines" },
    { short: "c", arg: "CHARS", text: "print so many bytes" },
    {
      short: "S",
      text: "read nothing beyond them from standard input, so that another program finds the rest",
    },
  ],
  exits: USUAL_EXITS,
  example: "s6-head -n 1 /run/service/db/notification-fd",
} as const satisfies CommandTable;

const OTHER_DIGITS: readonly OptionSpec[] = Array.from(
  "23456789",
  (short) => ({ short, text: "" }),
);

interface Request {
  readonly unit: "lines" | "bytes";
  readonly count: number;
  readonly exact: boolean;
  readonly files: readonly string[];
}

export function main(context: Context): number {
  const request = parseRequest(context.argv);
  const { files } = request;
  if (files.length === 0) copyHead(standardInput(context.stdin), request, context);
  for (const [i, file] of files.entries()) {
    if (files.length > 1) context.out(`${i > 0 ? "\n" : ""}==> ${file} <==\n`);
    if (file === "-") {
      copyHead(standardInput(context.stdin), request, context);
      continue;
    }
    const input = openInput(file);
    try {
      copyHead(input, request, context);
    } finally {
      close(input.fd);
    }
  }
  return 0;
}

function parseRequest(argv: readonly string[]): Request {
  const { options, operands: files } = parseCommandLine(argv, [...table.options, ...OTHER_DIGITS]);
  const [chosen, another] = options.filter(({ name }) => name !== "S");
  if (another !== undefined) throw new UsageError("only one of -n, -c and -1 to -9 is wanted");
  const exact = files.length === 0 && options.some(({ name }) => name === "S");
  if (chosen === undefined) return { unit: "lines", count: DEFAULT_LINES, exact, files };
  const isDigit = chosen.name !== "n" && chosen.name !== "c";
  const count = parseUint(isDigit ? chosen.name : chosen.value);
  if (count === undefined) throw new UsageError(`invalid number: ${chosen.value}`);
  return { unit: chosen.name === "c" ? "bytes" : "lines", count, exact, files };
}

function copyHead(input: Input, { unit, count, exact }: Request, { stdout }: Context): void {
  if (unit === "lines") copyFirstLines(input, stdout, count, { exact });
  else copyInput(input, stdout, { limit: count });
}
