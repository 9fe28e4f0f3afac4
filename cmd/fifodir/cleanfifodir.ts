/** s6-cleanfifodir: removes dead listeners' FIFOs. Source: s6, doc/s6-cleanfifodir.html. */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { cleanFifodir } from "../../lib/fifodir/clean.ts";
import type { Context } from "../context.ts";

export const table = {
  summary: "Removes the FIFOs that nobody reads any more from a fifodir.",
  usage: "fifodir",
  options: [],
  exits: [["0", "success"], ["100", "wrong usage"], ["111", "system call failed"]],
  example: "s6-cleanfifodir /run/service/db/event",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const [dir] = context.argv;
  if (dir === undefined) throw new UsageError("no fifodir given");
  cleanFifodir(dir);
  return 0;
}
