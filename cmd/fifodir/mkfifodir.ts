/** s6-mkfifodir: creates a fifodir. Source: s6, doc/s6-mkfifodir.html. */
import { parseUint } from "../../lib/core/linux/config_file.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { makeFifodir } from "../../lib/fifodir/make.ts";
import type { Context } from "../context.ts";

export const table = {
  summary: "Creates a fifodir, a directory through which events are told to whoever listens there.",
  usage: "[ -f ] [ -g gid ] fifodir",
  options: [
    { short: "f", text: "if the fifodir exists, set its group and mode again" },
    {
      short: "g",
      arg: "GID",
      text: "let only members of this group (a number) listen; else everybody may",
    },
  ],
  exits: [["0", "success, or it exists and is ours"], ["100", "wrong usage"], [
    "111",
    "system call failed",
  ]],
  example: "s6-mkfifodir -g 33 /run/web-events",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { options, operands } = readCommandLine(context.argv, table);
  let gid: number | undefined;
  let force = false;
  for (const { name, value } of options) {
    if (name === "f") force = true;
    else gid = parseGid(value);
  }
  const [dir] = operands;
  if (dir === undefined) throw new UsageError("no fifodir given");
  makeFifodir(dir, { gid, force });
  return 0;
}

function parseGid(text: string): number {
  const gid = parseUint(text);
  if (gid === undefined) throw new UsageError(`invalid gid: ${text}`);
  return gid;
}
