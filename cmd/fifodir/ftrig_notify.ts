/**
 * s6-ftrig-notify: tells events to the listeners in a fifodir. Source: s6,
 * doc/s6-ftrig-notify.html.
 */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { notifyFifodir } from "../../lib/fifodir/notify.ts";
import type { Context } from "../context.ts";

export const table = {
  summary: "Sends every character of a message, as an event each, to all who listen in a fifodir.",
  usage: "fifodir message",
  options: [],
  exits: [["0", "success, listeners or not"], ["100", "wrong usage"], [
    "111",
    "system call failed",
  ]],
  example: "s6-ftrig-notify /run/web-events r",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const [dir, message] = context.argv;
  if (dir === undefined || message === undefined) {
    throw new UsageError("a fifodir and a message are needed");
  }
  notifyFifodir(dir, message);
  return 0;
}
