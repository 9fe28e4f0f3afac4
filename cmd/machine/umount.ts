/** s6-umount: takes file systems away. Source: s6-linux-utils, doc/s6-umount.html, s6-umount.c. */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { unmount } from "../../lib/libc/mount.ts";
import { parseMountTable } from "../../lib/machine/core/mount_table.ts";
import { MOUNTS, readTable } from "../../lib/machine/tables.ts";
import type { Context } from "../context.ts";
import { allOption, ONE_OR_ALL_EXITS, oneOrAll } from "./one_or_all.ts";

export const table = {
  summary: "Unmounts a file system, or all of them.",
  usage: "-a | mountpoint",
  options: [allOption("unmount whatever /proc/mounts lists, the last first")],
  exits: ONE_OR_ALL_EXITS,
  example: "s6-umount /run/cache",
} as const satisfies CommandTable;

export function main(context: Context): number {
  return oneOrAll(context, {
    options: table.options,
    operand: "mountpoint",
    verb: "unmount",
    act: unmount,
    all: () => parseMountTable(readTable(MOUNTS)).map(({ target }) => target).reverse(),
  });
}
