/**
 * s6-instance-delete: ends an instance. Source: s6, doc/s6-instance-delete.html,
 * instance/s6-instance-delete.c.
 */
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { deleteInstance } from "../../lib/instances/instances.ts";
import { parseTimeout } from "../../lib/servicedir/wanted_state.ts";
import type { Context } from "../context.ts";

export const table = {
  summary: "Stops an instance of a service, waits until its supervisor has ended, and removes it.",
  usage: "[ -X ] [ -t timeout ] service instancename",
  options: [
    { short: "X", text: "don't wait for the supervisor" },
    {
      short: "t",
      arg: "MS",
      text: "stop waiting after so many milliseconds, which is no error; 0, the default, is never",
    },
  ],
  exits: [["0", "success"], ["1", "the service does not run"], ["100", "wrong usage"], [
    "111",
    "system call failed",
  ]],
  example: "s6-instance-delete /run/service/db primary",
} as const satisfies CommandTable;

export async function main({ argv }: Context): Promise<number> {
  const { flag, value, operands: [service, name] } = readCommandLine(argv, table);
  const timeoutMs = parseTimeout(value("t") ?? "0");
  if (service === undefined || name === undefined) {
    throw new UsageError("a service and the name of an instance are needed");
  }
  await deleteInstance({ service, name, wait: !flag("X"), timeoutMs });
  return 0;
}
