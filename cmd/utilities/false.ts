/** s6-false: fails. Source: s6-portable-utils, doc/s6-false.html. */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";

export const table = {
  summary: "Does nothing and exits 1, whatever its arguments are.",
  usage: "",
  options: [],
  exits: [["1", "always"]],
  example: "s6-false",
} as const satisfies CommandTable;

export function main(): number {
  return 1;
}
