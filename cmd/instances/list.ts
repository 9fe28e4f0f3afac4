/**
 * s6-instance-list: names of instances. Source: s6, doc/s6-instance-list.html,
 * instance/s6-instance-list.c.
 */
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { instanceNames } from "../../lib/instances/instances.ts";
import type { Context } from "../context.ts";

export const table = {
  summary: "Prints the names of the instances of a running service, one a line.",
  usage: "service",
  options: [],
  exits: [["0", "success"], ["1", "the service does not run"], ["100", "wrong usage"], [
    "111",
    "system call failed",
  ]],
  example: "s6-instance-list /run/service/db",
} as const satisfies CommandTable;

export function main({ argv, out }: Context): number {
  const [service] = readCommandLine(argv, table).operands;
  if (service === undefined) throw new UsageError("no service given");
  out(instanceNames(service).map((name) => `${name}\n`).join(""));
  return 0;
}
