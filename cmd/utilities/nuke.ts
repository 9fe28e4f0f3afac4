/** s6-nuke: signals everybody. Source: s6-portable-utils, doc/s6-nuke.html, s6-nuke.c. */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { SIGCONT, SIGHUP, SIGKILL, SIGTERM } from "../../lib/core/linux/signals.ts";
import { SyscallError } from "../../lib/libc/bind.ts";
import { kill } from "../../lib/libc/process.ts";
import type { Context } from "../context.ts";
import { USUAL_EXITS } from "../usual_exits.ts";

/** kill(2): all processes but this one and PID 1 of its namespace. */
const EVERYBODY = -1;

export const table = {
  summary:
    "Sends signals to every process that it may signal, except itself and PID 1. Without an option it sends none.",
  usage: "[ -h ] [ -t ] [ -k ]",
  options: [
    { short: "h", text: "send SIGHUP", means: [SIGHUP] },
    { short: "t", text: "send SIGTERM, then SIGCONT", means: [SIGTERM, SIGCONT] },
    { short: "k", text: "send SIGKILL, after the others", means: [SIGKILL] },
  ],
  exits: USUAL_EXITS,
  example: "s6-nuke -th",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { flag } = readCommandLine(context.argv, table);
  const asked = table.options.filter(({ short }) => flag(short)).flatMap(({ means }) => means);
  const failures = asked.map((signal) => kill(EVERYBODY, signal))
    .filter((result) => result < 0);
  if (failures.length > 0) throw new SyscallError("kill", -failures.at(-1)!);
  return 0;
}
