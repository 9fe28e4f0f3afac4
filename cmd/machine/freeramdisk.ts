/**
 * s6-freeramdisk: gives the memory of a RAM disk back. Source: s6-linux-utils,
 * doc/s6-freeramdisk.html, s6-freeramdisk.c.
 */
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { O_RDWR } from "../../lib/core/linux/open_flags.ts";
import { checked } from "../../lib/libc/bind.ts";
import { close, tryOpen } from "../../lib/libc/file.ts";
import { flushBlockDevice } from "../../lib/libc/machine/host.ts";
import type { Context } from "../context.ts";
import { USUAL_EXITS } from "../usual_exits.ts";

export const table = {
  summary: "Frees the memory that a RAM disk takes. What is on it is lost.",
  usage: "ramdisk-device",
  options: [],
  exits: USUAL_EXITS,
  example: "s6-freeramdisk /dev/ram0",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const [device] = context.argv;
  if (device === undefined) throw new UsageError("no device given");
  const fd = checked(`open ${device} in read-write mode`, tryOpen(device, O_RDWR));
  try {
    checked(`ioctl ${device}`, flushBlockDevice(fd));
  } finally {
    close(fd);
  }
  return 0;
}
