/** hexad rescan: s6-svscan looks at its scan directory again. */
import type { NamedTable } from "../../../lib/core/cli/option_table.ts";
import { SCANDIR_OPTION } from "../../../lib/core/cli/option_table.ts";
import { printable } from "../../../lib/core/text/printable.ts";
import type { Context } from "../../context.ts";
import { parseArguments } from "../arguments.ts";
import { SCAN_EXITS, scandirOf, tellScanner } from "./order.ts";

export const table = {
  summary:
    "Has s6-svscan look at its scan directory again: services that are new there are started, and those that are gone are stopped. The same as s6-svscanctl -an.",
  usage: "[-k] [-S DIR]",
  operands: "none",
  options: [
    { short: "k", long: "keep", text: "let services that are gone go on; as s6-svscanctl -a" },
    SCANDIR_OPTION,
  ],
  exits: SCAN_EXITS,
  example: "ln -s /etc/sv/web /run/service/ && hexad rescan",
} as const satisfies NamedTable;

export function main(context: Context): number {
  const given = parseArguments(context.argv, table);
  const scandir = scandirOf(context, given);
  tellScanner(scandir, given.flag("keep") ? "a" : "an");
  context.out(`${printable(scandir)}: told to scan\n`);
  return 0;
}
