/**
 * tai64n and tai64nlocal of daemontools, which count no leap seconds: their stamps are 2^62 + 10 +
 * Unix time. Source: https://cr.yp.to/daemontools/tai64n.html, tai64nlocal.html.
 */
import { formatCalendarTime } from "../../lib/core/time/calendar_time.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { stampOfOld, unixOfOld } from "../../lib/compat/core/old_stamp.ts";
import { localTime, unixMs } from "../../lib/libc/clock.ts";
import { dateLines, stampLines } from "../../lib/logreader/core/stamped_lines.ts";
import type { CommandModule, Context } from "../context.ts";
import { filterLines } from "../log/line_filter.ts";

const EXITS: CommandTable["exits"] = [["0", "end of input"], ["111", "a system call failed"]];

export const TAI64N: CommandModule = {
  table: {
    summary:
      "Copies standard input to standard output with a stamp before each line, as daemontools' tai64n does: without leap seconds.",
    usage: "",
    options: [],
    exits: EXITS,
    example: "make 2>&1 | tai64n >make.log",
  },
  main: (context) => {
    const stamped = (block: Uint8Array): Uint8Array<ArrayBuffer> =>
      stampLines(block, new TextEncoder().encode(`${stampOfOld(unixMs())} `));
    return filter(context, stamped);
  },
};

export const TAI64NLOCAL: CommandModule = {
  table: {
    summary:
      "Copies standard input to standard output; a stamp of tai64n or multilog at the beginning of a line becomes a date in local time.",
    usage: "",
    options: [],
    exits: EXITS,
    example: "tai64nlocal </service/web/log/main/current",
  },
  main: (context) => {
    const dated = (block: Uint8Array): Uint8Array<ArrayBuffer> => dateLines(block, dateOf);
    return filter(context, dated);
  },
};

function filter(
  context: Context,
  change: (block: Uint8Array) => Uint8Array<ArrayBuffer>,
): number {
  filterLines(context, { lines: change, rest: change });
  return 0;
}

/** Undefined for moments that no calendar has: those stamps stay. */
function dateOf(label: bigint): string | undefined {
  try {
    return formatCalendarTime(localTime(unixOfOld(label)));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
