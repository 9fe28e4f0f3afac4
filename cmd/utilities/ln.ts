/** s6-ln: makes links. Source: s6-portable-utils, doc/s6-ln.html, s6-ln.c. */
import { ENOENT } from "../../lib/core/linux/errno.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { baseName } from "../../lib/core/text/path_name.ts";
import { type LinkOptions, placeLink } from "../../lib/files/place_link.ts";
import { SyscallError } from "../../lib/libc/bind.ts";
import { isDirectory, tryLstat, tryStat } from "../../lib/libc/stat.ts";
import type { Context } from "../context.ts";

const MAX_FAILURES_TOLD = 99;

export const table = {
  summary: "Makes a hard link to a file, or links to several in a directory.",
  usage: "[ -n ] [ -s ] [ -f ] [ -L ] [ -P ] source... target",
  options: [
    { short: "s", text: "make symbolic links" },
    { short: "f", text: "replace what has the name already, in one step" },
    {
      short: "n",
      text: "a target that is a symbolic link to a directory is replaced, not entered",
    },
    { short: "L", text: "hard links: to what a symbolic link points to" },
    { short: "P", text: "hard links: to the symbolic link itself (the default)" },
  ],
  exits: [
    ["0", "success"],
    ["1", "the link could not be made; of several, as many as the code says"],
    ["100", "wrong usage"],
    ["111", "system call failed"],
  ],
  example: "s6-ln -nsf ../releases/42 /srv/current",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { flag, last, operands } = readCommandLine(context.argv, table);
  const sources = operands.slice(0, -1);
  const target = operands.at(-1);
  if (target === undefined || sources.length === 0) {
    throw new UsageError("a source and a target are needed");
  }
  const isEntered = sources.length > 1 || isDirectoryToEnter(target, { replaceLinks: flag("n") });
  const link: LinkOptions = {
    kind: flag("s") ? "symbolic" : last("L", "P") === "L" ? "hard, followed" : "hard",
    force: flag("f"),
  };
  const failed = sources.filter((source) =>
    !isPlaced(context, source, { path: isEntered ? `${target}/${baseName(source)}` : target, link })
  );
  return Math.min(failed.length, MAX_FAILURES_TOLD);
}

function isDirectoryToEnter(
  target: string,
  { replaceLinks }: { readonly replaceLinks: boolean },
): boolean {
  const found = replaceLinks ? tryLstat(target) : tryStat(target);
  if (found === -ENOENT) return false;
  if (typeof found === "number") throw new SyscallError(`stat ${target}`, -found);
  return isDirectory(found.mode);
}

function isPlaced(
  context: Context,
  source: string,
  { path, link }: { readonly path: string; readonly link: LinkOptions },
): boolean {
  try {
    placeLink(source, path, link);
    return true;
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    context.warn(error.message);
    return false;
  }
}
