/**
 * printcontenv: prints a variable of the container's environment. Source: s6-overlay 3.2.3,
 * printcontenv.
 */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { containerVariable, keepsEnvironment } from "../../lib/overlay/contenv.ts";
import type { Context } from "../context.ts";

const EXIT_NOT_SET = 1;

export const table = {
  summary:
    "Prints the value that a variable had when the container was started, or that a script has given it for all since.",
  usage: "variable",
  options: [],
  exits: [["0", "the value was printed"], ["1", "there is no such variable"], [
    "100",
    "no variable given",
  ]],
  example: "printcontenv S6_LOGGING_SCRIPT",
} as const satisfies CommandTable;

export function main({ argv, env, out }: Context): number {
  const [name] = argv;
  if (name === undefined) throw new UsageError("no variable given");
  const value = containerVariable(env, name);
  if (value === undefined || (value === "" && keepsEnvironment(env))) return EXIT_NOT_SET;
  out(`${value}\n`);
  return 0;
}
