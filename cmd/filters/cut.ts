/**
 * s6-cut: prints parts of lines. Source: s6-portable-utils, doc/s6-cut.html, s6-cut.c; POSIX, cut.
 */
import { cutBytes, cutFields, type Interval, parseCutList } from "../../lib/utilities/core/cut.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { encodePath } from "../../lib/core/text/path_bytes.ts";
import { eachLine, type Input, openInput, standardInput } from "../../lib/files/input.ts";
import { Output } from "../../lib/files/output.ts";
import { close } from "../../lib/libc/file.ts";
import type { Context } from "../context.ts";
import { USUAL_EXITS } from "../usual_exits.ts";

const TAB = 9;
const LF = 10;

export const table = {
  summary:
    "Prints selected bytes or fields of each line of its input. A list looks like 1,3-5,8- and numbers begin at 1.",
  usage: "{ -b list | -c list | -f list [ -d delim ] [ -s ] } [ -n ] [ file... ]",
  options: [
    { short: "b", arg: "LIST", text: "print these bytes", means: "bytes" },
    { short: "c", arg: "LIST", text: "the same", means: "bytes" },
    {
      short: "f",
      arg: "LIST",
      text: "print these fields, and a line without delimiter as it is",
      means: "fields",
    },
    {
      short: "d",
      arg: "DELIM",
      text: "what ends a field: the first byte of DELIM; default: a tab",
    },
    { short: "s", text: "with -f: leave out lines without delimiter" },
    { short: "n", text: "ignored" },
  ],
  exits: USUAL_EXITS,
  example: "s6-cut -d : -f 1,3 /etc/passwd",
} as const satisfies CommandTable;

interface Request {
  readonly by: "bytes" | "fields";
  readonly list: readonly Interval[];
  readonly delimiter: number;
  readonly onlyDelimited: boolean;
  readonly files: readonly string[];
}

export function main(context: Context): number {
  const request = parseRequest(context.argv);
  const output = new Output(context.stdout);
  for (const file of request.files) {
    if (file === "-") {
      cutInput(standardInput(context.stdin), request, output);
      continue;
    }
    const input = openInput(file);
    try {
      cutInput(input, request, output);
    } finally {
      close(input.fd);
    }
  }
  output.flush();
  return 0;
}

function parseRequest(argv: readonly string[]): Request {
  const { flag, value, rows, operands } = readCommandLine(argv, table);
  const lists = rows().flatMap(({ row, value: text }) =>
    "means" in row ? [{ by: row.means, text }] : []
  );
  const [chosen] = lists;
  if (chosen === undefined || lists.length > 1) {
    throw new UsageError("exactly one of -b, -c and -f is wanted");
  }
  const delimiter = value("d");
  return {
    by: chosen.by,
    list: parseList(chosen.text),
    delimiter: delimiter === undefined ? TAB : encodePath(delimiter)[0] ?? 0,
    onlyDelimited: flag("s"),
    files: operands.length > 0 ? operands : ["-"],
  };
}

function parseList(text: string): readonly Interval[] {
  try {
    return parseCutList(text);
  } catch (error) {
    throw error instanceof SyntaxError ? new UsageError(error.message) : error;
  }
}

function cutInput(
  input: Input,
  { by, list, delimiter, onlyDelimited }: Request,
  output: Output,
): void {
  const put = (bytes: Uint8Array<ArrayBuffer>): void => output.put(bytes);
  const cutLine = (line: Uint8Array<ArrayBuffer>, ended: boolean): void => {
    if (by === "bytes") {
      cutBytes(line, list, put);
    } else if (!cutFields(line, list, { delimiter, put })) {
      if (onlyDelimited) return;
      put(line);
    }
    if (ended) output.putByte(LF);
  };
  eachLine(input, cutLine, { beforeRead: () => output.flush() });
}
