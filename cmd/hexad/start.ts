/** hexad start: services are to be up, from now on. */
import type { NamedTable } from "../../lib/core/cli/option_table.ts";
import { SERVICE_COMMANDS } from "../../lib/servicedir/core/service_command.ts";
import type { Context } from "../context.ts";
import { parseArguments } from "./arguments.ts";
import { ACTION_EXITS, ACTION_OPTIONS, actOnServices } from "./service_action.ts";

export const table = {
  summary: "Starts services, and has them started again when they die. The same as s6-svc -u.",
  usage: "[-w] [-t TIME] [-S DIR] -a|SERVICE...",
  operands: "service",
  options: ACTION_OPTIONS,
  exits: ACTION_EXITS,
  example: "hexad start --wait web db",
} as const satisfies NamedTable;

export function main(context: Context): Promise<number> {
  return actOnServices(context, parseArguments(context.argv, table), SERVICE_COMMANDS.start);
}
