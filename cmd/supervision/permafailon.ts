/**
 * s6-permafailon: in a finish script, turns too many deaths into a permanent failure. Source: s6,
 * doc/s6-permafailon.html.
 */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { permafailon } from "../../lib/servicedir/permafailon.ts";

export const table = {
  summary:
    "If the service in the current directory has died too often, declares it failed for good; else executes a program.",
  usage: "seconds deathcount statuslist prog...",
  options: [],
  exits: [
    ["0", "not failed, and no program given"],
    ["100", "wrong usage"],
    [
      "125",
      "at least DEATHCOUNT deaths of STATUSLIST within SECONDS: a supervisor takes that for a permanent failure",
    ],
    ["126", "the program can't be executed"],
    ["127", "the program was not found"],
  ],
  example: "s6-permafailon 60 5 1,101-103,SIGSEGV,SIGBUS ./data/cleanup",
} as const satisfies CommandTable;

export const link = permafailon;
