/** hexad restart: services end and start again. */
import { UsageError } from "../../lib/core/cli/getopt.ts";
import type { NamedTable } from "../../lib/core/cli/option_table.ts";
import { SERVICE_COMMANDS } from "../../lib/servicedir/core/service_command.ts";
import type { Context } from "../context.ts";
import { parseArguments } from "./arguments.ts";
import { ACTION_EXITS, ACTION_OPTIONS, actOnServices, timeoutOf } from "./service_action.ts";

export const table = {
  summary:
    "Restarts services; one that is down is started, unless --all has named it. The same as s6-svc -r, then -u.",
  usage: "[-w] [-t TIME] [-S DIR] [--with-dependants] -a|SERVICE...",
  operands: "service",
  options: [
    ...ACTION_OPTIONS,
    {
      long: "with-dependants",
      text:
        "services of s6-rc: stop all that need them first, and start again what of these was up",
    },
  ],
  exits: [
    ...ACTION_EXITS.slice(0, 1),
    ["1", "with --wait: a service failed for good, lost its supervisor, or could not be stopped"],
    ...ACTION_EXITS.slice(2),
  ],
  example:
    "hexad restart --wait web\nhexad restart --all\nhexad restart --wait --with-dependants db",
} as const satisfies NamedTable;

export async function main(context: Context): Promise<number> {
  const given = parseArguments(context.argv, table);
  if (!given.flag("with-dependants")) {
    return await actOnServices(context, given, SERVICE_COMMANDS.restart);
  }
  if (given.flag("all")) throw new UsageError("--all, or --with-dependants: not both");
  const { restartWithDependants } = await import("./restart_dependants.ts");
  return await restartWithDependants(context, given, timeoutOf(given));
}
