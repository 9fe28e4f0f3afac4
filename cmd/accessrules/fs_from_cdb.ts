/**
 * s6-accessrules-fs-from-cdb: a database of rules becomes a directory. Source: s6,
 * doc/s6-accessrules-fs-from-cdb.html, conn-tools/s6-accessrules-fs-from-cdb.c.
 */
import { decompileRules } from "../../lib/accessrules/compile.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import type { Context } from "../context.ts";
import { USUAL_EXITS } from "../usual_exits.ts";

export const table = {
  summary:
    "Writes the rules of a database of s6-accessrules-cdb-from-fs into a directory that does not exist yet.",
  usage: "dir cdbfile",
  options: [],
  exits: USUAL_EXITS,
  example: "s6-accessrules-fs-from-cdb rules rules.cdb",
} as const satisfies CommandTable;

export function main({ argv }: Context): number {
  const { operands: [directory, file] } = readCommandLine(argv, table);
  if (directory === undefined || file === undefined) {
    throw new UsageError("a directory and a database are needed");
  }
  decompileRules(directory, file);
  return 0;
}
