/** s6-true: succeeds. Source: s6-portable-utils, doc/s6-true.html. */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";

export const table = {
  summary: "Does nothing and exits 0, whatever its arguments are.",
  usage: "",
  options: [],
  exits: [["0", "always"]],
  example: "s6-true",
} as const satisfies CommandTable;

export function main(): number {
  return 0;
}
