/** hexad continue: paused services go on. */
import type { NamedTable } from "../lib/core/option_table.ts";
import { SCANDIR_OPTION } from "../lib/core/option_table.ts";
import { SERVICE_COMMANDS } from "../lib/core/service_command.ts";
import type { Context } from "./context.ts";
import { parseArguments } from "./hexad_arguments.ts";
import { namedServices, sendOrders, TELL_EXITS } from "./service_action.ts";

export const table: NamedTable = {
  summary: "Lets paused services go on, by SIGCONT. The same as s6-svc -c.",
  usage: "[-S DIR] SERVICE...",
  operands: "service",
  options: [SCANDIR_OPTION],
  exits: TELL_EXITS,
  example: "hexad continue worker",
};

export function main(context: Context): number {
  const { letters, told } = SERVICE_COMMANDS.continue;
  const { places } = namedServices(context, parseArguments(context.argv, table));
  return sendOrders(context, places.map((place) => ({ place, letters })), told);
}
