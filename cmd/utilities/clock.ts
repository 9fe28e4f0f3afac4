/** s6-clock: tells or sets the time. Source: s6-portable-utils, doc/s6-clock.html, s6-clock.c. */
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { formatTai64n, parseTai64n, tainToUnix } from "../../lib/core/time/tain.ts";
import { checked } from "../../lib/libc/bind.ts";
import { setSystemClock, wallclock } from "../../lib/libc/clock.ts";
import type { Context } from "../context.ts";
import { USUAL_EXITS } from "../usual_exits.ts";

export const table = {
  summary: "Prints the time as a TAI64N stamp, or sets the system's clock to one.",
  usage: "[ stamp ]",
  options: [],
  exits: USUAL_EXITS,
  example: "s6-clock",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const [stamp] = context.argv;
  if (stamp === undefined) {
    context.out(`${formatTai64n(wallclock())}\n`);
    return 0;
  }
  const tain = parseTai64n(stamp);
  if (tain === undefined) {
    throw new UsageError(`no TAI64N stamp: ${stamp}; it is @ and 24 hexadecimal digits`);
  }
  const { seconds, nano } = tainToUnix(tain);
  checked("set the system's clock", setSystemClock(seconds, nano));
  return 0;
}
