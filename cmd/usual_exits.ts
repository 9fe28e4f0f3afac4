/** The exit codes of a command that works or doesn't. */
import type { CommandTable } from "../lib/core/cli/getopt.ts";

export const USUAL_EXITS: CommandTable["exits"] = [["0", "success"], ["100", "wrong usage"], [
  "111",
  "system call failed",
]];

/** The same, of one that executes a program at its end. */
export const CHAIN_EXITS: CommandTable["exits"] = [
  ["100", "wrong usage"],
  ["111", "system call failed"],
  ["126", "the program can't be executed"],
  ["127", "the program was not found"],
];
