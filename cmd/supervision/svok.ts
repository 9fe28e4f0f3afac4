/** s6-svok: is a service directory supervised? Source: s6, doc/s6-svok.html. */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { isSupervised } from "../../lib/servicedir/client.ts";
import type { Context } from "../context.ts";

export const table = {
  summary: "Tells by its exit code whether a supervisor runs on a service directory.",
  usage: "servicedir",
  options: [],
  exits: [["0", "supervised"], ["1", "not supervised"], ["100", "wrong usage"], [
    "111",
    "system call failed",
  ]],
  example: "s6-svok /run/service/db && echo 'db is supervised'",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const [dir] = context.argv;
  if (dir === undefined) throw new UsageError("no service directory given");
  return isSupervised(dir) ? 0 : 1;
}
