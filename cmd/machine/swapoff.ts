/** s6-swapoff: stops using swap. Source: s6-linux-utils, doc/s6-swapoff.html, s6-swapoff.c. */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { swapOff } from "../../lib/libc/machine/host.ts";
import { parseSwaps } from "../../lib/machine/core/mount_table.ts";
import { readTable, SWAPS } from "../../lib/machine/tables.ts";
import type { Context } from "../context.ts";
import { allOption, ONE_OR_ALL_EXITS, oneOrAll } from "./one_or_all.ts";

export const table = {
  summary: "Stops using a device or a file as swap.",
  usage: "-a | device",
  options: [allOption("stop using whatever /proc/swaps lists")],
  exits: ONE_OR_ALL_EXITS,
  example: "s6-swapoff /swapfile",
} as const satisfies CommandTable;

export function main(context: Context): number {
  return oneOrAll(context, {
    options: table.options,
    operand: "device",
    verb: "swapoff",
    act: swapOff,
    all: () => parseSwaps(readTable(SWAPS)),
  });
}
