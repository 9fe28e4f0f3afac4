/**
 * s6-printenv: prints the environment. Source: s6-portable-utils, doc/s6-printenv.html,
 * s6-printenv.c.
 */
import { environmentListing } from "../../lib/utilities/core/environment_listing.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { encodePath } from "../../lib/core/text/path_bytes.ts";
import type { Context } from "../context.ts";
import { USUAL_EXITS } from "../usual_exits.ts";

const LF = 10;
const NUL = 0;

export const table = {
  summary: "Prints the environment, one variable a line.",
  usage: "[ -n ] [ -0 | -d delimchar ]",
  options: [
    { short: "0", text: "print a NUL after each variable, not a newline" },
    {
      short: "d",
      arg: "DELIM",
      text: "print the first byte of DELIM after each; with an empty DELIM, print netstrings",
    },
    { short: "n", text: "print nothing after the last one" },
  ],
  exits: USUAL_EXITS,
  example: "s6-printenv -0",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { flag, value } = readCommandLine(context.argv, table);
  const chosen = value("d");
  const delimiter = flag("0") ? NUL : chosen === undefined ? LF : encodePath(chosen)[0];
  const strings = Array.from(context.env, ([name, value]) => `${name}=${value}`);
  context.out(environmentListing(strings, { delimiter, atEnd: !flag("n") }));
  return 0;
}
