/**
 * s6-svlisten1: starts a program while listening to one service, then waits for its state.
 * Source: s6, doc/s6-svlisten1.html, supervision/s6-svlisten1.c.
 */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { svlisten1 } from "../../lib/servicedir/svlisten.ts";
import { STATE_OPTIONS, TIMEOUT_OPTION } from "./wanted_state.ts";

export const table = {
  summary:
    "Listens to a supervised service, runs a program, and waits until the service is in the wanted state.",
  usage: "[ -U | -u | -d | -D | -r | -R ] [ -t timeout ] servicedir prog...",
  options: [...STATE_OPTIONS, TIMEOUT_OPTION],
  exits: [
    ["0", "the wanted state has been reached"],
    ["1", "the service failed for good or lost its supervisor"],
    ["99", "timed out"],
    ["100", "wrong usage"],
    ["111", "system call failed"],
  ],
  example: "s6-svlisten1 -U /run/service/db s6-svc -u /run/service/db",
} as const satisfies CommandTable;

export const link = svlisten1;
