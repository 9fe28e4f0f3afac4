/**
 * s6-maximumtime: limits how long a program runs. Source: s6-portable-utils,
 * doc/s6-maximumtime.html, s6-maximumtime.c.
 */
import { signalName } from "../../lib/core/linux/signals.ts";
import { maximumtime, NO_SIGNAL, TIME_LIMIT_SIGNALS } from "../../lib/utilities/maximumtime.ts";
import type { LinkModule } from "../context.ts";

export const table: LinkModule["table"] = {
  summary:
    "Executes a program as a child and exits as it does; if that takes too long, sends it a signal and exits 99.",
  usage: "[ -0 | -a | -b | -i | -k | -q | -t | -x | -1 | -2 ] milliseconds prog...",
  options: [
    { short: "t", text: "send SIGTERM (the default)" },
    ...Object.entries(TIME_LIMIT_SIGNALS).filter(([short]) => short !== "t").map((
      [short, signal],
    ) => ({
      short,
      text: signal === NO_SIGNAL ? "send no signal" : `send ${signalName(signal)}`,
    })),
  ],
  exits: [
    ["99", "the time was up"],
    ["100", "wrong usage"],
    ["111", "the program was killed by a signal, or a system call failed"],
    ["other", "the program's exit code"],
  ],
  example: "s6-maximumtime -k 5000 ./check",
};

export const link = maximumtime;
