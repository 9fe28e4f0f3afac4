/**
 * s6-tai64nlocal: shows stamps as dates. Source: s6, doc/s6-tai64nlocal.html; skalibs,
 * localtmn_from_tain.
 */
import { formatCalendarTime } from "../../lib/core/time/calendar_time.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { dateLines } from "../../lib/logreader/core/stamped_lines.ts";
import { tainFromUnix, tainToUnix } from "../../lib/core/time/tain.ts";
import { calendarTime } from "../../lib/libc/clock.ts";
import type { Context } from "../context.ts";
import { filterLines } from "./line_filter.ts";

export const table = {
  summary:
    "Copies standard input to standard output; a TAI64N stamp at the beginning of a line becomes a date in local time.",
  usage: "[ -g ]",
  options: [{ short: "g", text: "print the time of Greenwich (UTC) instead" }],
  exits: [["0", "end of input"], ["100", "wrong usage"], ["111", "system call failed"]],
  example: "s6-tai64nlocal < /var/log/db/current | less",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { flag } = readCommandLine(context.argv, table);
  const local = !flag("g");
  const dated = (block: Uint8Array): Uint8Array<ArrayBuffer> =>
    dateLines(block, (label) => dateOf(label, local));
  filterLines(context, { lines: dated, rest: dated });
  return 0;
}

/**
 * Undefined before 1970, and for years that the C library does not know; those stamps stay. A leap
 * second is second 60.
 */
function dateOf(label: bigint, local: boolean): string | undefined {
  const { seconds } = tainToUnix({ sec: label, nano: 0 });
  if (seconds < 0n) return undefined;
  const isLeap = tainFromUnix(seconds, 0).sec !== label;
  const time = calendarTime(isLeap ? seconds - 1n : seconds, { local });
  return time === undefined
    ? undefined
    : formatCalendarTime(isLeap ? { ...time, second: time.second + 1 } : time);
}
