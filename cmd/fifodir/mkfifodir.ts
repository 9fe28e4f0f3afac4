/** s6-mkfifodir: creates a fifodir. Source: s6, doc/s6-mkfifodir.html. */
import { parseUint } from "../../lib/core/linux/config_file.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine, settingsOf } from "../../lib/core/cli/given.ts";
import { makeFifodir } from "../../lib/fifodir/make.ts";
import type { Context } from "../context.ts";

export const table = {
  summary: "Creates a fifodir, a directory through which events are told to whoever listens there.",
  usage: "[ -f ] [ -g gid ] fifodir",
  options: [
    {
      short: "f",
      text: "if the fifodir exists, set its group and mode again",
      means: { force: true },
    },
    {
      short: "g",
      arg: "GID",
      text: "let only members of this group (a number) listen; else everybody may",
      means: (text: string) => ({ gid: parseGid(text) }),
    },
  ],
  exits: [["0", "success, or it exists and is ours"], ["100", "wrong usage"], [
    "111",
    "system call failed",
  ]],
  example: "s6-mkfifodir -g 33 /run/web-events",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { rows, operands } = readCommandLine(context.argv, table);
  const settings = settingsOf<FifodirSettings>(rows(), { gid: undefined, force: false });
  const [dir] = operands;
  if (dir === undefined) throw new UsageError("no fifodir given");
  makeFifodir(dir, settings);
  return 0;
}

interface FifodirSettings {
  readonly gid: number | undefined;
  readonly force: boolean;
}

function parseGid(text: string): number {
  const gid = parseUint(text);
  if (gid === undefined) throw new UsageError(`invalid gid: ${text}`);
  return gid;
}
