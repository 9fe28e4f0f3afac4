/**
 * s6-instance-create: a new instance. Source: s6, doc/s6-instance-create.html,
 * instance/s6-instance-create.c.
 */
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { createInstance } from "../../lib/instances/instances.ts";
import { getegid } from "../../lib/libc/process.ts";
import { parseTimeout } from "../../lib/servicedir/wanted_state.ts";
import type { Context } from "../context.ts";
import { SVLINK_OPTIONS } from "../supervision/svlink_options.ts";

export const table = {
  summary:
    "Makes an instance of a running service of s6-instance-maker, and waits until its supervisor runs.",
  usage: "[ -d | -D ] [ -f ] [ -P ] [ -t timeout ] service instancename",
  options: SVLINK_OPTIONS,
  exits: [
    ["0", "its supervisor runs"],
    ["1", "the service does not run"],
    ["99", "timed out"],
    ["100", "wrong usage, or there is such an instance already"],
    ["111", "system call failed"],
  ],
  example: "s6-instance-create /run/service/db primary",
} as const satisfies CommandTable;

export async function main({ argv }: Context): Promise<number> {
  const { flag, value, last, operands: [service, name] } = readCommandLine(argv, table);
  const timeoutMs = parseTimeout(value("t") ?? "0");
  const down = last("d", "D");
  if (service === undefined || name === undefined) {
    throw new UsageError("a service and a name are needed");
  }
  await createInstance({
    service,
    name,
    eventGid: flag("P") ? undefined : getegid(),
    forceEventMode: flag("f"),
    down: down === undefined ? "no" : down === "d" ? "remove" : "keep",
    timeoutMs,
  });
  return 0;
}
