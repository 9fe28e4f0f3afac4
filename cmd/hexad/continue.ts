/** hexad continue: paused services go on. */
import type { NamedTable } from "../../lib/core/cli/option_table.ts";
import { SERVICE_COMMANDS } from "../../lib/servicedir/core/service_command.ts";
import type { Context } from "../context.ts";
import { parseArguments } from "./arguments.ts";
import { ACTION_EXITS, ACTION_OPTIONS, actOnServices } from "./service_action.ts";

export const table = {
  summary: "Lets paused services go on, by SIGCONT. The same as s6-svc -c.",
  usage: "[-w] [-t TIME] [-S DIR] -a|SERVICE...",
  operands: "service",
  options: ACTION_OPTIONS,
  exits: ACTION_EXITS,
  example: "hexad continue worker",
} as const satisfies NamedTable;

export function main(context: Context): Promise<number> {
  return actOnServices(context, parseArguments(context.argv, table), SERVICE_COMMANDS.continue);
}
