/** runsvdir: runit's supervisor of a directory of services. Source: runit, runsvdir(8). */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { type Context, Failure } from "../context.ts";
import { runOldScandir } from "./old_scandir.ts";

const EXIT_WRONG_USAGE = 1;
const EXIT_HANGUP = 111;
const SERVICES_MAX = 1000;

export const table = {
  summary:
    "Supervises the services of a directory, and those that come later; ends those whose names go away. What runit's runsvdir does, in one process.",
  usage: "[-P] dir [log]",
  options: [
    { short: "P", text: "a session for each service, which services have here in any case" },
  ],
  exits: [
    ["0", "ended by SIGTERM, after the services"],
    ["1", "wrong usage"],
    ["111", "ended by SIGHUP, after the services; or a system call failed"],
  ],
  example: "exec runsvdir -P /etc/service",
} as const satisfies CommandTable;

export async function main(context: Context): Promise<number> {
  const [path, log] = operandsOf(context);
  if (log !== undefined) {
    context.warn("the process title shows no messages here: they go to standard error");
  }
  return await runOldScandir(context, {
    path,
    servicesMax: SERVICES_MAX,
    onChange: "h",
    codes: { SIGHUP: EXIT_HANGUP },
  });
}

function operandsOf({ argv }: Context): [path: string, log: string | undefined] {
  try {
    const { operands: [path, log, extra] } = readCommandLine(argv, table);
    if (path !== undefined && extra === undefined) return [path, log];
    throw new UsageError("a directory is needed");
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new Failure(EXIT_WRONG_USAGE, `${error.message}; usage: runsvdir ${table.usage}`);
  }
}
