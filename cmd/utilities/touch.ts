/** s6-touch: creates files, or makes them new. Source: s6-portable-utils, doc/s6-touch.html. */
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { touch } from "../../lib/libc/stat.ts";
import type { Context } from "../context.ts";
import { USUAL_EXITS } from "../usual_exits.ts";

export const table = {
  summary: "Sets the times of files to now, and creates those that are missing.",
  usage: "file...",
  options: [],
  exits: USUAL_EXITS,
  example: "s6-touch /run/service/db/down",
} as const satisfies CommandTable;

export function main(context: Context): number {
  if (context.argv.length === 0) throw new UsageError("no file given");
  for (const file of context.argv) touch(file);
  return 0;
}
