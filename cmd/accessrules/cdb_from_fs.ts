/**
 * s6-accessrules-cdb-from-fs: a directory of rules becomes a database. Source: s6,
 * doc/s6-accessrules-cdb-from-fs.html, conn-tools/s6-accessrules-cdb-from-fs.c.
 */
import { compileRules } from "../../lib/accessrules/compile.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { parseMode } from "../../lib/core/linux/file_mode.ts";
import type { Context } from "../context.ts";
import { USUAL_EXITS } from "../usual_exits.ts";

export const table = {
  summary:
    "Makes a database of a directory of rules about who may use a service, for the option -x of s6-ipcserver-access and s6-fdholderd.",
  usage: "[ -m mode ] cdbfile dir",
  options: [
    {
      short: "m",
      long: "mode",
      arg: "MODE",
      text: "permissions of the database, in octal; default: 0600",
    },
  ],
  exits: USUAL_EXITS,
  example: "s6-accessrules-cdb-from-fs rules.cdb rules",
} as const satisfies CommandTable;

export function main({ argv, warn }: Context): number {
  const { operands: [file, directory], value } = readCommandLine(argv, table);
  const text = value("m");
  const mode = text === undefined ? undefined : parseMode(text);
  if (text !== undefined && mode === undefined) throw new UsageError(`invalid mode: ${text}`);
  if (file === undefined || directory === undefined) {
    throw new UsageError("a database and a directory are needed");
  }
  compileRules({ file, directory, mode, warn });
  return 0;
}
