/** s6-mount: mounts file systems. Source: s6-linux-utils, doc/s6-mount.html, s6-mount.c. */
import { EXIT_SYSTEM } from "../../lib/core/cli/exit_codes.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { EBUSY } from "../../lib/core/linux/errno.ts";
import { encodePath } from "../../lib/core/text/path_bytes.ts";
import { SyscallError } from "../../lib/libc/bind.ts";
import { mount, type MountRequest } from "../../lib/libc/mount.ts";
import { NO_MOUNT_OPTIONS, withMountOptions } from "../../lib/machine/core/mount_options.ts";
import { parseMountTable } from "../../lib/machine/core/mount_table.ts";
import { attemptAll, FSTAB, MOUNTS, readTable } from "../../lib/machine/tables.ts";
import { type Context, Failure } from "../context.ts";

const EXIT_BUSY = 1;

export const table = {
  summary: "Mounts a file system, or all of fstab; without operands, prints what is mounted.",
  usage:
    "-a [ -z fstab ] | s6-mount [ -n ] [ -r | -w ] [ -t type ] [ -o option[,option...] ]... device mountpoint",
  options: [
    { short: "a", text: "mount each line of fstab" },
    { short: "z", arg: "FSTAB", text: `the file to read for -a; default: ${FSTAB}` },
    { short: "n", text: "without effect" },
    { short: "t", arg: "TYPE", text: "the type of the file system; default: none" },
    { short: "r", text: "mount it read-only, as -o ro" },
    { short: "w", text: "mount it for reading and writing, as -o rw (the default)" },
    {
      short: "o",
      arg: "OPTIONS",
      text: "options with commas between them; what is no flag of mount(2) is the file system's",
    },
  ],
  exits: [
    ["0", "success"],
    ["1", "the mount point is in use; most likely it is mounted already"],
    ["n", "with -a: that many could not be mounted"],
    ["100", "wrong usage"],
    ["111", "system call failed"],
  ],
  example: "s6-mount -t tmpfs -o nosuid,size=16m tmpfs /run/cache",
} as const satisfies CommandTable;

/** What the options that are flags say in words of `-o`. */
const AS_OPTION: Readonly<Record<string, string>> = { r: "ro", w: "rw" };

export function main(context: Context): number {
  const { flag, value, options, operands } = readCommandLine(context.argv, table);
  if (flag("a")) return mountAll(context, value("z") ?? FSTAB);
  const [source, target] = operands;
  if (source === undefined) {
    context.out(encodePath(readTable(MOUNTS)));
    return 0;
  }
  if (target === undefined) throw new UsageError("a device and a mount point are needed");
  const how = options
    .map(({ name, value }) => name === "o" ? value : AS_OPTION[name] ?? "")
    .reduce(withMountOptions, NO_MOUNT_OPTIONS);
  const request = { source, target, type: value("t") ?? "none", ...how };
  const result = mount(request);
  if (result >= 0) return 0;
  const { message } = new SyscallError(actionOf(request), -result);
  throw new Failure(result === -EBUSY ? EXIT_BUSY : EXIT_SYSTEM, message);
}

function actionOf({ source, target }: Pick<MountRequest, "source" | "target">): string {
  return `mount ${source} on ${target}`;
}

function mountAll(context: Context, fstab: string): number {
  return attemptAll(
    parseMountTable(readTable(fstab)),
    ({ options, ...entry }) => ({
      action: actionOf(entry),
      result: mount({ ...entry, ...withMountOptions(NO_MOUNT_OPTIONS, options) }),
    }),
    context.warn,
  );
}
