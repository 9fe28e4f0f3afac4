/** hexad shutdown: everything stops, and s6-svscan ends. */
import type { NamedTable } from "../../../lib/core/cli/option_table.ts";
import { SCANDIR_OPTION } from "../../../lib/core/cli/option_table.ts";
import { printable } from "../../../lib/core/text/printable.ts";
import type { Context } from "../../context.ts";
import { parseArguments } from "../arguments.ts";
import { endScanner } from "./end_scanner.ts";
import { SCAN_EXITS, scandirOf } from "./order.ts";
import { timeoutOf, WAIT_OPTIONS } from "../service_action.ts";

export const table = {
  summary:
    "Stops all services, lets their loggers read to the end, and ends s6-svscan; where that is PID 1, the container. The same as s6-svscanctl -t.",
  usage: "[-q] [-w] [-t TIME] [-S DIR]",
  operands: "none",
  options: [
    { short: "q", long: "quit", text: "stop loggers at once, too; as s6-svscanctl -q" },
    ...WAIT_OPTIONS,
    SCANDIR_OPTION,
  ],
  exits: [
    ["0", "s6-svscan has been told; with --wait: it has ended"],
    ["99", "with --wait: the time was up"],
    ...SCAN_EXITS.slice(1),
  ],
  example: "hexad shutdown --wait",
} as const satisfies NamedTable;

export async function main(context: Context): Promise<number> {
  const given = parseArguments(context.argv, table);
  const timeoutMs = timeoutOf(given);
  const scandir = scandirOf(context, given);
  await endScanner(scandir, given.flag("quit") ? "q" : "t", timeoutMs);
  const what = timeoutMs === undefined ? "told to shut down" : "shut down";
  context.out(`${printable(scandir)}: ${what}\n`);
  return 0;
}
