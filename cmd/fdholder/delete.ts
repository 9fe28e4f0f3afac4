/**
 * s6-fdholder-delete: has a holder let go of a descriptor. Source: s6,
 * doc/s6-fdholder-delete.html, fdholder/s6-fdholder-delete.c.
 */
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { HolderClient } from "../../lib/fdholder/client.ts";
import { timeoutOf } from "../../lib/fdholder/links.ts";
import type { Context } from "../context.ts";
import { CLIENT_EXITS, TIMEOUT_OPTION } from "./timeout_option.ts";

export const table = {
  summary: "Has an fd-holder let go of a descriptor.",
  usage: "[ -t timeout ] path id",
  options: [TIMEOUT_OPTION],
  exits: CLIENT_EXITS,
  example: "s6-fdholder-delete /run/fdholder/s unix:/run/web",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const given = readCommandLine(context.argv, table);
  const [path, id] = given.operands;
  const timeoutMs = timeoutOf(given);
  if (path === undefined || id === undefined) {
    throw new UsageError("a path and an identifier are needed");
  }
  using holder = new HolderClient(path, timeoutMs);
  holder.delete(id);
  return 0;
}
