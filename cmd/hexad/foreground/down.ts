/** hexad down: ends the tree that `hexad up` runs for a file. */
import { EXIT_NOT_SUPERVISED } from "../../../lib/core/cli/exit_codes.ts";
import type { NamedTable } from "../../../lib/core/cli/option_table.ts";
import { tryStat } from "../../../lib/libc/stat.ts";
import { isScanned } from "../../../lib/tree/services.ts";
import { type Context, Failure } from "../../context.ts";
import { parseArguments } from "../arguments.ts";
import { timeoutMsOf } from "../service_action.ts";
import { SCAN_EXITS } from "../scanner/order.ts";
import { endScanner } from "../scanner/end_scanner.ts";
import { placeOf, projectFiles } from "./project.ts";

export const table = {
  summary: "Ends the services of a file that hexad up runs, in their order, and waits for the end.",
  usage: "[-f FILE]... [-t TIME]",
  operands: "none",
  options: [
    {
      short: "f",
      long: "file",
      arg: "FILE",
      kind: "file",
      repeatable: true,
      text: "as it was given to hexad up; default: services.yaml of this directory",
    },
    {
      short: "t",
      long: "timeout",
      arg: "TIME",
      kind: "duration",
      text: "give up waiting after so long, e.g. 90s or 2m; default: never",
    },
  ],
  exits: [["0", "they have ended"], ["99", "the time was up"], ...SCAN_EXITS.slice(1)],
  example: "hexad down",
} as const satisfies NamedTable;

export async function main(context: Context): Promise<number> {
  const { value, values } = parseArguments(context.argv, table);
  const files = projectFiles(values("file"));
  const { scandir } = placeOf(files);
  const timeout = value("timeout");
  // a hexad up that was killed has left its directories
  if (typeof tryStat(scandir) === "number" || isScanned(scandir) === false) {
    throw new Failure(EXIT_NOT_SUPERVISED, `${files[0]} is not up; hexad up starts it`);
  }
  await endScanner(scandir, "t", timeout === undefined ? 0 : timeoutMsOf(timeout));
  return 0;
}
