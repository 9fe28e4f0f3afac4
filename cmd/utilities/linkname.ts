/**
 * s6-linkname: tells where a symbolic link points. Source: s6-portable-utils, doc/s6-linkname.html.
 */
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { encodePath } from "../../lib/core/text/path_bytes.ts";
import { SyscallError } from "../../lib/libc/bind.ts";
import { readlink } from "../../lib/libc/file.ts";
import { realPath } from "../../lib/libc/cwd.ts";
import type { Context } from "../context.ts";
import { printLine } from "./print_line.ts";
import { USUAL_EXITS } from "../usual_exits.ts";

export const table = {
  summary:
    "Prints what a symbolic link contains, or with -f the absolute path without any link that a path leads to.",
  usage: "[ -n ] [ -f ] path",
  options: [
    { short: "n", text: "print no newline" },
    { short: "f", text: "resolve the path, whether or not it is a link" },
  ],
  exits: USUAL_EXITS,
  example: "s6-linkname -f /run/service/db",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { flag, operands } = readCommandLine(context.argv, table);
  const [path] = operands;
  if (path === undefined) throw new UsageError("no path given");
  printLine(context, encodePath(flag("f") ? realPath(path) : contentOf(path)), {
    newline: !flag("n"),
  });
  return 0;
}

function contentOf(path: string): string {
  const target = readlink(path);
  if (typeof target === "number") throw new SyscallError(`resolve ${path}`, -target);
  return target;
}
