/** s6-sync: writes everything to the disks. Source: s6-portable-utils, doc/s6-sync.html. */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { syncDisks } from "../../lib/libc/durable_file.ts";

export const table = {
  summary: "Has all file systems write what is pending, and waits for it.",
  usage: "",
  options: [],
  exits: [["0", "always"]],
  example: "s6-sync",
} as const satisfies CommandTable;

export function main(): number {
  syncDisks();
  return 0;
}
