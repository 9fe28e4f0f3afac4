/** svscan: daemontools' supervisor of a directory. Source: https://cr.yp.to/daemontools/svscan.html. */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import type { Context } from "../context.ts";
import { runOldScandir } from "./old_scandir.ts";

const SERVICES_MAX = 1000;

export const table = {
  summary:
    "Supervises the services of a directory, the current one without a name, and those that come later. What daemontools' svscan does, in one process.",
  usage: "[directory]",
  options: [],
  exits: [["0", "ended by SIGTERM, after the services"], ["111", "a system call failed"]],
  example: "exec svscan /service",
} as const satisfies CommandTable;

export function main(context: Context): Promise<number> {
  const { operands: [path = "."] } = readCommandLine(context.argv, table);
  return runOldScandir(context, { path, servicesMax: SERVICES_MAX, onChange: "a", codes: {} });
}
