/** hexad reload: services read their configuration again. */
import type { NamedTable } from "../../lib/core/cli/option_table.ts";
import { reloadLetter, SERVICE_COMMANDS } from "../../lib/servicedir/core/service_command.ts";
import type { NamedService } from "../../lib/servicedir/named_service.ts";
import { hasReloadSignal } from "../../lib/servicedir/client.ts";
import type { Context } from "../context.ts";
import { parseArguments } from "./arguments.ts";
import { ACTION_EXITS, ACTION_OPTIONS, actOnServices } from "./service_action.ts";

export const table = {
  summary: "Sends services their reload-signal, SIGHUP if they name none. The same as s6-svc -l.",
  usage: "[-w] [-t TIME] [-S DIR] -a|SERVICE...",
  operands: "service",
  options: ACTION_OPTIONS,
  exits: ACTION_EXITS,
  example: "hexad reload web",
} as const satisfies NamedTable;

export function main(context: Context): Promise<number> {
  const lettersFor = ({ directory }: NamedService): string =>
    reloadLetter({ hasReloadSignal: hasReloadSignal(directory) });
  return actOnServices(
    context,
    parseArguments(context.argv, table),
    SERVICE_COMMANDS.reload,
    lettersFor,
  );
}
