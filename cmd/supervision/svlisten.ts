/**
 * s6-svlisten: starts a program while listening to services, then waits for their state.
 * Source: s6, doc/s6-svlisten.html, supervision/s6-svlisten.c.
 */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { svlisten } from "../../lib/servicedir/svlisten.ts";
import { ANY_OPTIONS, STATE_OPTIONS, TIMEOUT_OPTION } from "./wanted_state.ts";

export const table = {
  summary:
    "Listens to supervised services, runs a program, and waits until the services are in the wanted state.",
  usage: '[ -U | -u | -d | -D | -r | -R ] [ -a | -o ] [ -t timeout ] servicedir... "" prog...',
  options: [...STATE_OPTIONS, ...ANY_OPTIONS, TIMEOUT_OPTION],
  exits: [
    ["0", "the wanted state has been reached"],
    ["N", "so many services failed for good or lost their supervisor"],
    ["99", "timed out"],
    ["100", "wrong usage"],
    ["111", "system call failed"],
  ],
  example:
    's6-svlisten -D -t 5000 /run/service/web /run/service/db "" s6-svc -d /run/service/web /run/service/db',
} as const satisfies CommandTable;

export const link = svlisten;
