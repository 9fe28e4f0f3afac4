/** hexad pause: services stand still. */
import type { NamedTable } from "../../lib/core/cli/option_table.ts";
import { SERVICE_COMMANDS } from "../../lib/servicedir/core/service_command.ts";
import type { Context } from "../context.ts";
import { parseArguments } from "./arguments.ts";
import { ACTION_EXITS, ACTION_OPTIONS, actOnServices } from "./service_action.ts";

export const table = {
  summary:
    "Stops services where they are, by SIGSTOP; hexad continue lets them go on. The same as s6-svc -p.",
  usage: "[-w] [-t TIME] [-S DIR] -a|SERVICE...",
  operands: "service",
  options: ACTION_OPTIONS,
  exits: ACTION_EXITS,
  example: "hexad pause worker",
} as const satisfies NamedTable;

export function main(context: Context): Promise<number> {
  return actOnServices(context, parseArguments(context.argv, table), SERVICE_COMMANDS.pause);
}
