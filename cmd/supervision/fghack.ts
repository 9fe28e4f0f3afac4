/**
 * s6-fghack: stays in the foreground for a daemon that does not. Source: s6, doc/s6-fghack.html.
 */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { fghack } from "../../lib/daemonising/fghack.ts";

export const table = {
  summary:
    "Runs a daemon that puts itself into the background, and ends when it does. s6-background-watch does that better.",
  usage: "prog...",
  options: [],
  exits: [
    ["N", "the program has exited so; 128 + N: it was killed by signal N"],
    ["100", "wrong usage"],
    ["102", "the program wrote to a descriptor that it did not open"],
    ["111", "a system call failed"],
  ],
  example: "s6-fghack food --daemon",
} as const satisfies CommandTable;

export const link = fghack;
