/**
 * s6-rmrf: removes directories with all that is in them. Source: s6-portable-utils,
 * doc/s6-rmrf.html, s6-rmrf.c.
 */
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { removeTree } from "../../lib/files/remove_tree.ts";
import type { Context } from "../context.ts";
import { USUAL_EXITS } from "../usual_exits.ts";

export const table = {
  summary:
    "Removes files, and directories with all that is in them. What is not there is no error. Symbolic links are not followed.",
  usage: "file...",
  options: [],
  exits: USUAL_EXITS,
  example: "s6-rmrf /run/service/db/supervise /run/service/db/event",
} as const satisfies CommandTable;

export function main(context: Context): number {
  if (context.argv.length === 0) throw new UsageError("no file given");
  for (const path of context.argv) removeTree(path);
  return 0;
}
