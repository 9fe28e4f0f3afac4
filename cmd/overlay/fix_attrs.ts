/**
 * fix-attrs: gives files the owners and modes that a list on standard input asks for. Source:
 * s6-overlay 2.2.0.3, fix-attrs.
 */
import { parseUint } from "../../lib/core/linux/config_file.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { decodePath } from "../../lib/core/text/path_bytes.ts";
import { readToEnd } from "../../lib/execline/script_file.ts";
import { containerVariable } from "../../lib/overlay/contenv.ts";
import { applyFixAttrs } from "../../lib/overlay/fix_attrs.ts";
import type { Context } from "../context.ts";

const STDIN_NAME = "standard input";
const EXIT_FAILED = 1;

export const table = {
  summary:
    "Gives files owners and modes. Each line on standard input: path, true or false (what is below, too), account, file mode, directory mode.",
  usage: "",
  options: [],
  exits: [["0", "all is as it was asked for"], ["1", "something could not be done; it was told"], [
    "100",
    "wrong usage",
  ]],
  example: "echo '/var/lib/mysql true mysql,999:999 0600 0700' | fix-attrs",
} as const satisfies CommandTable;

export function main({ argv, env, stdin, warn }: Context): number {
  if (argv.length > 0) {
    throw new UsageError(`unexpected argument: ${argv[0]}; the list is read from standard input`);
  }
  const hidden = (parseUint(containerVariable(env, "S6_FIX_ATTRS_HIDDEN") ?? "") ?? 0) !== 0;
  const list = decodePath(readToEnd(stdin, STDIN_NAME));
  return applyFixAttrs(list, STDIN_NAME, { hidden, warn }) ? 0 : EXIT_FAILED;
}
