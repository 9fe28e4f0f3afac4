/** s6-mkfifo: makes FIFOs. Source: s6-portable-utils, doc/s6-mkfifo.html, s6-mkfifo.c. */
import { parseMode } from "../../lib/core/linux/file_mode.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { checked } from "../../lib/libc/bind.ts";
import { mkfifo } from "../../lib/libc/file.ts";
import { withUmask } from "../../lib/libc/cwd.ts";
import type { Context } from "../context.ts";
import { USUAL_EXITS } from "../usual_exits.ts";

const DEFAULT_MODE = 0o666;
/** Nobody executes a FIFO. */
const MASK = 0o111;

export const table = {
  summary: "Makes FIFOs.",
  usage: "[ -m mode ] fifo...",
  options: [{
    short: "m",
    arg: "MODE",
    text: "their permissions, an octal number that the umask does not change; default: 0666",
  }],
  exits: USUAL_EXITS,
  example: "s6-mkfifo -m 0600 /run/www/control",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { value, operands } = readCommandLine(context.argv, table);
  const text = value("m");
  const mode = text === undefined ? DEFAULT_MODE : parseMode(text);
  if (mode === undefined) {
    throw new UsageError(`invalid mode: ${text}; an octal number is wanted, like 0600`);
  }
  if (operands.length === 0) throw new UsageError("no FIFO given");
  withUmask(
    MASK,
    () => operands.forEach((path) => checked(`create FIFO ${path}`, mkfifo(path, mode))),
  );
  return 0;
}
