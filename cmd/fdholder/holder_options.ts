/** The options of s6-fdholderd, which s6-fdholder-daemon has too. */
import type { CommandTable, OptionSpec } from "../../lib/core/cli/getopt.ts";

export const HOLDER_OPTIONS = [
  { short: "1", text: "write a newline to standard output as soon as clients are accepted" },
  { short: "v", arg: "VERBOSITY", text: "0: say nothing; 1, the default: what goes wrong" },
  { short: "c", arg: "MAXCONN", text: "serve so many clients at a time; default: 16, at most 256" },
  { short: "n", arg: "MAXFDS", text: "hold so many descriptors; default: 1000" },
  {
    short: "t",
    arg: "MS",
    text: "send a client away that keeps us waiting for so long; 0, the default, is never",
  },
  {
    short: "T",
    arg: "MS",
    text: "when told to end, give clients so long; 0, the default: as long as they like",
  },
  { short: "i", arg: "RULESDIR", text: "a directory says who may do what" },
  { short: "x", arg: "RULESFILE", text: "a database of s6-accessrules-cdb-from-fs says it" },
] as const satisfies readonly OptionSpec[];

export const HOLDER_EXITS: CommandTable["exits"] = [
  ["0", "told to end by SIGTERM, and nothing was held"],
  ["1", "told to end, and descriptors were held"],
  ["2, 3", "the same, and clients had not ended in time"],
  ["100", "wrong usage, or standard input is not a socket"],
  ["111", "system call failed"],
];
