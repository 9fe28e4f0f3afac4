/** dollarat: prints the positional parameters. Source: execline, doc/dollarat.html, dollarat.c. */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { parseUint } from "../../lib/core/linux/config_file.ts";
import { netstring } from "../../lib/execline/core/execline_value.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { decodePath, encodePath } from "../../lib/core/text/path_bytes.ts";
import { type Context, Failure } from "../context.ts";
import { USUAL_EXITS } from "../usual_exits.ts";

export const table = {
  summary: "Prints the positional parameters, one a line.",
  usage: "[ -n ] [ -0 | -d delimchar ]",
  options: [
    { short: "n", text: "nothing behind the last one" },
    { short: "0", text: "a NUL behind each" },
    { short: "d", arg: "DELIM", text: "this byte behind each; empty: they are netstrings" },
  ],
  exits: USUAL_EXITS,
  example: "execlineb -c dollarat a b c",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { flag, value, last } = readCommandLine(context.argv, table);
  const { env } = context;
  const count = parseUint(variable(env, "#"));
  if (count === undefined) throw new Failure(EXIT_USAGE, "invalid $#");
  const words = Array.from({ length: count }, (_, i) => variable(env, String(i + 1)));
  // the delimiter is a byte
  const chosen = last("0", "d");
  const delimiter = chosen === undefined
    ? "\n"
    : chosen === "0"
    ? "\0"
    : decodePath(encodePath(value("d")!).subarray(0, 1));
  const end = words.length > 0 && !flag("n") ? delimiter : "";
  context.out(delimiter === "" ? words.map(netstring).join("") : words.join(delimiter) + end);
  return 0;
}

function variable(env: ReadonlyMap<string, string>, name: string): string {
  const value = env.get(name);
  if (value === undefined) throw new Failure(EXIT_USAGE, `${name} not set`);
  return value;
}
