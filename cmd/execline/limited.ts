/**
 * hexad-limited: the process between a chain and a program of a block under limits; no user calls
 * it.
 */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { limitedStarter } from "../../lib/execline/limited.ts";

export const table = {
  summary: "Becomes a program under limits. It is not called by hand.",
  usage: "count limits... executable argv...",
  options: [],
  exits: [["126", "the program can't be executed"], ["127", "the program was not found"]],
  example: "hexad-limited 1 7 64 64 /bin/sh sh",
} as const satisfies CommandTable;

export const link = limitedStarter;
