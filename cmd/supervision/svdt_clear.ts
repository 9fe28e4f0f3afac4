/** s6-svdt-clear: forgets the deaths of a service. Source: s6, doc/s6-svdt-clear.html. */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { clearDtally } from "../../lib/servicedir/death_tally.ts";
import type { Context } from "../context.ts";

export const table = {
  summary: "Empties the death tally of a service, so that s6-permafailon starts counting anew.",
  usage: "servicedir",
  options: [],
  exits: [["0", "success"], ["100", "wrong usage"], ["111", "system call failed"]],
  example: "s6-svdt-clear /run/service/db",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const [dir] = context.argv;
  if (dir === undefined) throw new UsageError("no service directory given");
  clearDtally(dir);
  return 0;
}
