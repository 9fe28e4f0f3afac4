/** hexad reload: services read their configuration again. */
import type { NamedTable } from "../lib/core/option_table.ts";
import { SCANDIR_OPTION } from "../lib/core/option_table.ts";
import { reloadLetter } from "../lib/core/service_command.ts";
import { access, F_OK } from "../lib/libc/file.ts";
import type { Context } from "./context.ts";
import { parseArguments } from "./hexad_arguments.ts";
import { namedServices, sendOrders, TELL_EXITS } from "./service_action.ts";

export const table: NamedTable = {
  summary: "Sends services their reload-signal, SIGHUP if they name none. The same as s6-svc -l.",
  usage: "[-S DIR] SERVICE...",
  operands: "service",
  options: [SCANDIR_OPTION],
  exits: TELL_EXITS,
  example: "hexad reload web",
};

export function main(context: Context): number {
  const { places } = namedServices(context, parseArguments(context.argv, table));
  const orders = places.map((place) => ({
    place,
    letters: reloadLetter({ hasReloadSignal: access(`${place.directory}/reload-signal`, F_OK) === 0 }),
  }));
  return sendOrders(context, orders, "told to reload");
}
