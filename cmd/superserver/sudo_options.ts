/** What s6-sudo and s6-sudoc have in common. */
import type { CommandTable, OptionSpec } from "../../lib/core/cli/getopt.ts";

export const SUDO_OPTIONS = [
  { short: "e", text: "hand no variables over" },
  {
    short: "t",
    arg: "MS",
    text: "give up if the program has not started after so long; 0, the default, is never",
  },
  {
    short: "T",
    arg: "MS",
    text: "give up if it has not ended after so long; 0, the default, is never",
  },
] as const satisfies readonly OptionSpec[];

export const SUDO_EXITS: CommandTable["exits"] = [
  ["the program's", "the program has ended; 128 and the signal's number if it was killed"],
  ["100", "wrong usage, or what answers is no s6-sudod"],
  ["111", "system call failed, or the server has refused it"],
];
