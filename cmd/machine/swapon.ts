/** s6-swapon: begins to use swap. Source: s6-linux-utils, doc/s6-swapon.html, s6-swapon.c. */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { swapOn } from "../../lib/libc/machine/host.ts";
import { parseMountTable } from "../../lib/machine/core/mount_table.ts";
import { FSTAB, readTable } from "../../lib/machine/tables.ts";
import type { Context } from "../context.ts";
import { allOption, ONE_OR_ALL_EXITS, oneOrAll } from "./one_or_all.ts";

export const table = {
  summary: "Begins to use a device or a file as swap.",
  usage: "-a | device",
  options: [allOption("use each line of /etc/fstab whose type is swap")],
  exits: ONE_OR_ALL_EXITS,
  example: "s6-swapon /swapfile",
} as const satisfies CommandTable;

export function main(context: Context): number {
  return oneOrAll(context, {
    options: table.options,
    operand: "device",
    verb: "swapon",
    act: swapOn,
    all: () =>
      parseMountTable(readTable(FSTAB)).filter(({ type }) => type === "swap").map(({ source }) =>
        source
      ),
  });
}
