/**
 * s6-chmod: changes the permissions of a file. Source: s6-portable-utils, doc/s6-chmod.html,
 * s6-chmod.c.
 */
import { parseMode } from "../../lib/core/linux/file_mode.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { checked } from "../../lib/libc/bind.ts";
import { chmod } from "../../lib/libc/file.ts";
import type { Context } from "../context.ts";
import { USUAL_EXITS } from "../usual_exits.ts";

const PERMISSION_BITS = 0o7777;

export const table = {
  summary: "Changes the permissions of a file to an octal number.",
  usage: "mode file",
  options: [],
  exits: USUAL_EXITS,
  example: "s6-chmod 0755 /run/service/db/run",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const [text, file] = context.argv;
  if (text === undefined || file === undefined) {
    throw new UsageError("a mode and a file are needed");
  }
  const mode = parseMode(text);
  if (mode === undefined) {
    throw new UsageError(`invalid mode: ${text}; an octal number is wanted, like 0755`);
  }
  checked(`change mode of ${file}`, chmod(file, mode & PERMISSION_BITS));
  return 0;
}
