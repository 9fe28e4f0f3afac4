/** s6-cat: copies standard input to standard output. Source: s6-portable-utils, doc/s6-cat.html. */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { copyInput, standardInput } from "../../lib/files/input.ts";
import type { Context } from "../context.ts";

export const table = {
  summary: "Copies standard input to standard output, to its end.",
  usage: "",
  options: [],
  exits: [["0", "end of input"], ["111", "system call failed"]],
  example: "redirfd -r 0 /run/s6/container_environment/TZ s6-cat",
} as const satisfies CommandTable;

export function main(context: Context): number {
  copyInput(standardInput(context.stdin), context.stdout);
  return 0;
}
