/** hexad pause: services stand still. */
import type { NamedTable } from "../lib/core/option_table.ts";
import { SCANDIR_OPTION } from "../lib/core/option_table.ts";
import { SERVICE_COMMANDS } from "../lib/core/service_command.ts";
import type { Context } from "./context.ts";
import { parseArguments } from "./hexad_arguments.ts";
import { namedServices, sendOrders, TELL_EXITS } from "./service_action.ts";

export const table: NamedTable = {
  summary: "Stops services where they are, by SIGSTOP; hexad continue lets them go on. The same as s6-svc -p.",
  usage: "[-S DIR] SERVICE...",
  operands: "service",
  options: [SCANDIR_OPTION],
  exits: TELL_EXITS,
  example: "hexad pause worker",
};

export function main(context: Context): number {
  const { letters, told } = SERVICE_COMMANDS.pause;
  const { places } = namedServices(context, parseArguments(context.argv, table));
  return sendOrders(context, places.map((place) => ({ place, letters })), told);
}
