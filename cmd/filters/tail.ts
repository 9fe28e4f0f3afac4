/**
 * s6-tail: prints the end of its input. Source: s6-portable-utils, doc/s6-tail.html, s6-tail.c;
 * POSIX, tail.
 */
import { parseUint } from "../../lib/core/linux/config_file.ts";
import {
  type CommandTable,
  type OptionSpec,
  parseCommandLine,
  type ParsedOption,
  UsageError,
} from "../../lib/core/cli/getopt.ts";
import { type Input, openInput, standardInput } from "../../lib/files/input.ts";
import {
  copyAfterBytes,
  copyAfterLines,
  copyLastBytes,
  copyLastLines,
} from "../../lib/files/tail.ts";
import { close } from "../../lib/libc/file.ts";
import type { Context } from "../context.ts";
import { USUAL_EXITS } from "../usual_exits.ts";

const DEFAULT_LINES = 10;

export const table = {
  summary: "Prints the last ten lines of a file, or of standard input.",
  usage: "[ -c [+]chars | -n [+]lines | -1..9 ] [ file ]",
  options: [
    { short: "1", text: "print the last line; -2 to -9 print so many" },
    {
      short: "n",
      arg: "LINES",
      text: "print so many lines; +LINES: from that line on, the first being 1",
    },
    {
      short: "c",
      arg: "CHARS",
      text: "print so many bytes; +CHARS: from that byte on, the first being 1",
    },
  ],
  exits: USUAL_EXITS,
  example: "s6-tail -n 20 /var/log/db/current",
} as const satisfies CommandTable;

const OTHER_DIGITS: readonly OptionSpec[] = Array.from(
  "23456789",
  (short) => ({ short, text: "" }),
);

type Copy = (input: Input, outFd: number) => void;

export function main(context: Context): number {
  const { options, operands } = parseCommandLine(context.argv, [...table.options, ...OTHER_DIGITS]);
  const [chosen, another] = options;
  if (another !== undefined) throw new UsageError("only one of -n, -c and -1 to -9 is wanted");
  const copy = copyFor(chosen);
  const [file] = operands;
  if (file === undefined) {
    copy(standardInput(context.stdin), context.stdout);
    return 0;
  }
  const input = openInput(file);
  try {
    copy(input, context.stdout);
  } finally {
    close(input.fd);
  }
  return 0;
}

function copyFor(option: ParsedOption | undefined): Copy {
  if (option === undefined) return (input, outFd) => copyLastLines(input, outFd, DEFAULT_LINES);
  const { name, value } = option;
  if (name !== "n" && name !== "c") {
    return (input, outFd) => copyLastLines(input, outFd, Number(name));
  }
  const [, sign, digits] = /^([+-]?)(.*)$/s.exec(value)!;
  const count = parseUint(digits!);
  if (count === undefined) throw new UsageError(`invalid number: ${value}`);
  const before = Math.max(0, count - 1); // what stands before number `count`
  if (sign !== "+") {
    return name === "n"
      ? (input, outFd) => copyLastLines(input, outFd, count)
      : (input, outFd) => copyLastBytes(input, outFd, count);
  }
  return name === "n"
    ? (input, outFd) => copyAfterLines(input, outFd, before)
    : (input, outFd) => copyAfterBytes(input, outFd, before);
}
