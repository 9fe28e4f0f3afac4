/**
 * s6-fdholder-store: gives a descriptor to a holder. Source: s6, doc/s6-fdholder-store.html,
 * fdholder/s6-fdholder-store.c.
 */
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { parseUint } from "../../lib/core/linux/config_file.ts";
import { EBADF, strerror } from "../../lib/core/linux/errno.ts";
import { HolderClient } from "../../lib/fdholder/client.ts";
import { limitAfter } from "../../lib/fdholder/core/store.ts";
import { timeoutOf } from "../../lib/fdholder/links.ts";
import { millisecondsOf } from "../../lib/execline/arguments.ts";
import { wallclock } from "../../lib/libc/clock.ts";
import { isInherited } from "../../lib/libc/replace_descriptors.ts";
import { type Context, Failure } from "../context.ts";
import { CLIENT_EXITS, TIMEOUT_OPTION } from "./timeout_option.ts";

const EXIT_REFUSED = 1;

export const table = {
  summary: "Gives a copy of its standard input, or of another descriptor, to an fd-holder.",
  usage: "[ -d fd ] [ -t timeout ] [ -T fdtimeout ] path id",
  options: [
    { short: "d", arg: "FD", text: "give this descriptor; default: 0" },
    TIMEOUT_OPTION,
    {
      short: "T",
      arg: "MS",
      text: "the holder lets go of it after so many milliseconds; 0, the default, is never",
    },
  ],
  exits: CLIENT_EXITS,
  example: "s6-ipcserver-socketbinder /run/web s6-fdholder-store /run/fdholder/s unix:/run/web",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const given = readCommandLine(context.argv, table);
  const [path, id] = given.operands;
  const fd = parseUint(given.value("d") ?? "0");
  const timeoutMs = timeoutOf(given);
  const lifetimeMs = millisecondsOf("fdtimeout", given.value("T"));
  if (fd === undefined) throw new UsageError(`invalid descriptor: ${given.value("d")}`);
  if (path === undefined || id === undefined) {
    throw new UsageError("a path and an identifier are needed");
  }
  using holder = new HolderClient(path, timeoutMs);
  if (!isInherited(fd | 0)) {
    throw new Failure(EXIT_REFUSED, `unable to store fd: ${strerror(EBADF)}`);
  }
  holder.store(fd, id, limitAfter(wallclock(), lifetimeMs));
  return 0;
}
