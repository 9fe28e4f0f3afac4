/**
 * s6-hiercopy: copies a directory with all that is in it. Source: s6-portable-utils,
 * doc/s6-hiercopy.html, s6-hiercopy.c.
 */
import { EXIT_SYSTEM } from "../../lib/core/cli/exit_codes.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { copyHierarchy } from "../../lib/files/copy_hierarchy.ts";
import { type Context, Failure } from "../context.ts";

export const table = {
  summary:
    "Copies a directory and all that is in it, with permissions, and for root with owners; into the destination if that is there already.",
  usage: "source destination",
  options: [],
  exits: [["0", "success"], ["100", "wrong usage"], [
    "111",
    "system call failed, or not everything could be copied",
  ]],
  example: "s6-hiercopy /etc/skel /home/www",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const [source, destination] = context.argv;
  if (source === undefined || destination === undefined) {
    throw new UsageError("a source and a destination are needed");
  }
  let failures = 0;
  copyHierarchy(source, destination, ({ message }) => {
    context.warn(message);
    failures++;
  });
  if (failures > 0) {
    throw new Failure(
      EXIT_SYSTEM,
      `unable to copy all of ${source} to ${destination}: ${failures} failed`,
    );
  }
  return 0;
}
