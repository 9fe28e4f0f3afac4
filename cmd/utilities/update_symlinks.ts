/**
 * s6-update-symlinks: lays directories over each other. Source: s6-portable-utils,
 * doc/s6-update-symlinks.html, s6-update-symlinks.c.
 */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { UnionConflict } from "../../lib/utilities/core/symlink_union.ts";
import { updateSymlinks } from "../../lib/files/update_symlinks.ts";
import { type Context, Failure } from "../context.ts";

export const table = {
  summary:
    "Replaces a directory, in one step, by a tree of symbolic links to what is in the sources. Of two files of one name the later source's counts.",
  usage: "/destdir /srcdir...",
  options: [],
  exits: [["0", "success"], ["100", "wrong usage, or the sources contradict each other"], [
    "111",
    "system call failed",
  ]],
  example: "s6-update-symlinks /command /bin /usr/bin /usr/local/bin",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const [destination, ...sources] = context.argv;
  if (destination === undefined || sources.length === 0) {
    throw new UsageError("a destination and a source are needed");
  }
  const relative = context.argv.find((path) => !path.startsWith("/"));
  if (relative !== undefined) throw new UsageError(`${relative} is no absolute path`);
  const path = destination.replace(/\/+$/, "");
  if (path === "") throw new Failure(EXIT_USAGE, "unable to replace the root directory");
  try {
    updateSymlinks(path, sources);
  } catch (error) {
    throw error instanceof UnionConflict
      ? new Failure(EXIT_USAGE, `the sources conflict: ${error.message}`)
      : error;
  }
  return 0;
}
