/** s6-rename: renames a file in one step. Source: s6-portable-utils, doc/s6-rename.html. */
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { checked } from "../../lib/libc/bind.ts";
import { rename } from "../../lib/libc/file.ts";
import type { Context } from "../context.ts";
import { USUAL_EXITS } from "../usual_exits.ts";

export const table = {
  summary:
    "Renames a file or directory in one step. What has the new name already is replaced; a directory is not moved into another.",
  usage: "old new",
  options: [],
  exits: USUAL_EXITS,
  example: "s6-rename /etc/app.conf.new /etc/app.conf",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const [from, to] = context.argv;
  if (from === undefined || to === undefined) {
    throw new UsageError("an old and a new name are needed");
  }
  checked(`rename ${from} to ${to}`, rename(from, to));
  return 0;
}
