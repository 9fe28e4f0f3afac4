/** The option that the clients of a holder of descriptors have in common. */
import type { CommandTable, OptionSpec } from "../../lib/core/cli/getopt.ts";

export const TIMEOUT_OPTION = {
  short: "t",
  arg: "MS",
  text: "give up after so many milliseconds; 0, the default, is never",
} as const satisfies OptionSpec;

/** Exit codes of a client that does its work and ends. */
export const CLIENT_EXITS: CommandTable["exits"] = [
  ["0", "success"],
  ["1", "the server has refused it"],
  ["100", "wrong usage"],
  ["111", "system call failed; nobody listens there"],
];

/** Exit codes of one that then executes a program. */
export const CLIENT_CHAIN_EXITS: CommandTable["exits"] = [
  ...CLIENT_EXITS.slice(1),
  ["126", "the program can't be executed"],
  ["127", "the program was not found"],
];
