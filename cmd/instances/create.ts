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

export const table = {
  summary:
    "Makes an instance of a running service of s6-instance-maker, and waits until its supervisor runs.",
  usage: "[ -d | -D ] [ -f ] [ -P ] [ -t timeout ] service instancename",
  options: [
    { short: "d", text: "don't start it; a down file is removed afterwards" },
    { short: "D", text: "don't start it, and leave a down file" },
    { short: "f", text: "set the mode of the event directory even if the template has one" },
    { short: "P", text: "let everybody listen to its events, not only our group" },
    { short: "t", arg: "MS", text: "give up after so many milliseconds; 0, the default, is never" },
  ],
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
