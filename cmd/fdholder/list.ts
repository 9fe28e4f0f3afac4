/**
 * s6-fdholder-list: names of held descriptors. Source: s6, doc/s6-fdholder-list.html,
 * fdholder/s6-fdholder-list.c.
 */
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { quoteBytes } from "../../lib/core/shell/quoting.ts";
import { decodePath, encodePath } from "../../lib/core/text/path_bytes.ts";
import { HolderClient } from "../../lib/fdholder/client.ts";
import { timeoutOf } from "../../lib/fdholder/links.ts";
import type { Context } from "../context.ts";
import { CLIENT_EXITS, TIMEOUT_OPTION } from "./timeout_option.ts";

const NO_DELIMITERS = new Uint8Array(0);

export const table = {
  summary: "Prints the identifiers of the descriptors that an fd-holder holds, quoted, one a line.",
  usage: "[ -t timeout ] path",
  options: [TIMEOUT_OPTION],
  exits: CLIENT_EXITS,
  example: "s6-fdholder-list /run/fdholder/s",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const given = readCommandLine(context.argv, table);
  const [path] = given.operands;
  const timeoutMs = timeoutOf(given);
  if (path === undefined) throw new UsageError("a path is needed");
  using holder = new HolderClient(path, timeoutMs);
  const lines = holder.list().map((name) =>
    `${decodePath(quoteBytes(encodePath(name), NO_DELIMITERS))}\n`
  );
  context.out(lines.join(""));
  return 0;
}
