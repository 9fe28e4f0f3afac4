/** multilog: daemontools' logger. Source: daemontools, multilog(8). */
import { multilogScript } from "../../lib/compat/core/multilog_script.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import type { Context } from "../context.ts";
import { oldHead, runOldLogger } from "./old_logger.ts";

export const table = {
  summary:
    "Reads lines from standard input and does what its actions say, as daemontools' multilog does.",
  usage: "action ...",
  commands: [
    ["t", "as the first action: put a stamp before each line, of tai64n's kind"],
    ["-PATTERN, +PATTERN", "deselect or select the lines that match"],
    ["./DIR, /DIR", "store selected lines in that log directory"],
    ["sBYTES, nFILES", "of later directories: the size of a file (99999); how many there are (10)"],
    ["!COMMAND", "of later directories: what makes an old file of one that is full"],
    ["e", "write the first 200 characters of selected lines to standard error"],
    ["=FILE", "keep the last selected line in that file"],
  ],
  options: [],
  exits: [["0", "end of input, or SIGTERM"], ["111", "a log directory can't be used"]],
  example: "multilog t s1000000 n20 ./main",
} as const satisfies CommandTable;

/** A word may begin with a dash. */
export const helpAlone = true;

export async function main(context: Context): Promise<number> {
  await runOldLogger(context, multilogScript(context.argv), {
    head: oldHead("tai64n"),
    signals: {
      SIGALRM: (engine) => engine.rotate(),
      SIGTERM: (engine) => engine.stop(),
    },
  });
  return 0;
}
