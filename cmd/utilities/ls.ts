/** s6-ls: prints the names in a directory. Source: s6-portable-utils, doc/s6-ls.html, s6-ls.c. */
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { encodePath } from "../../lib/core/text/path_bytes.ts";
import { Output } from "../../lib/files/output.ts";
import { checked } from "../../lib/libc/bind.ts";
import { isDots, readNames } from "../../lib/libc/directory.ts";
import { O_DIRECTORY, O_NONBLOCK, O_RDONLY } from "../../lib/core/linux/open_flags.ts";
import { close, tryOpen } from "../../lib/libc/file.ts";
import type { Context } from "../context.ts";
import { USUAL_EXITS } from "../usual_exits.ts";

const LF = 10;
const NUL = 0;

export const table = {
  summary:
    "Prints the names in a directory, one a line and unsorted, without those that begin with a dot.",
  usage: "[ -0 ] [ -a | -A ] [ -x exclude ] dir",
  options: [
    { short: "0", text: "print a NUL after each name, not a newline" },
    { short: "a", text: "also print those that begin with a dot, but neither . nor .." },
    { short: "A", text: "print all" },
    { short: "x", arg: "NAME", text: "leave out this one" },
  ],
  exits: USUAL_EXITS,
  example: "s6-ls -0 -x lost+found /run/service",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { flag, value, last, operands } = readCommandLine(context.argv, table);
  const [dir] = operands;
  if (dir === undefined) throw new UsageError("no directory given");
  const hidden = last("a", "A");
  const exclude = value("x");
  const end = flag("0") ? NUL : LF;
  const isPrinted = (name: string): boolean =>
    name !== exclude &&
    (hidden === "A" || !name.startsWith(".") || (hidden === "a" && !isDots(name)));
  const output = new Output(context.stdout);
  for (const name of namesIn(dir)) {
    if (!isPrinted(name)) continue;
    output.put(encodePath(name));
    output.putByte(end);
  }
  output.flush();
  return 0;
}

function* namesIn(dir: string): Generator<string> {
  const fd = checked(`open directory ${dir}`, tryOpen(dir, O_RDONLY | O_DIRECTORY | O_NONBLOCK));
  try {
    for (
      let names = readNames(fd, () => `read directory ${dir}`);
      names.length > 0;
      names = readNames(fd, () => `read directory ${dir}`)
    ) {
      yield* names;
    }
  } finally {
    close(fd);
  }
}
