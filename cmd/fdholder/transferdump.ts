/**
 * s6-fdholder-transferdump: from one holder to another. Source: s6,
 * doc/s6-fdholder-transferdump.html, fdholder/s6-fdholder-transferdump.c. Whichever of them refuses
 * it, the exit code is 1, as the program has it, not 2 as its page says of the second.
 */
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { HolderClient } from "../../lib/fdholder/client.ts";
import type { Held } from "../../lib/fdholder/core/protocol.ts";
import { millisecondsOf } from "../../lib/execline/arguments.ts";
import type { Context } from "../context.ts";
import { CLIENT_EXITS } from "./timeout_option.ts";

export const table = {
  summary: "Gives copies of all descriptors that an fd-holder holds to another one.",
  usage: "[ -t timeoutfrom:timeoutto ] pathfrom pathto",
  options: [
    {
      short: "t",
      arg: "MS:MS",
      text: "give up after so many milliseconds with the first, the second; 0 or nothing: never",
    },
  ],
  exits: CLIENT_EXITS,
  example: "s6-fdholder-transferdump /run/fdholder/s /run/other/s",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { operands: [from, to], value } = readCommandLine(context.argv, table);
  const [fromText = "", toText = "", ...rest] = (value("t") ?? "").split(":");
  if (rest.length > 0) throw new UsageError(`invalid timeouts: ${value("t")}`);
  const [fromMs, toMs] = [fromText, toText].map((text) =>
    millisecondsOf("timeout", text === "" ? undefined : text)
  );
  if (from === undefined || to === undefined) throw new UsageError("two paths are needed");
  const entries = dumpOf(from, fromMs!);
  using holder = new HolderClient(to, toMs!, "a destination");
  holder.setDump(entries);
  return 0;
}

function dumpOf(path: string, timeoutMs: number): readonly Held[] {
  using holder = new HolderClient(path, timeoutMs, "a source");
  return holder.getDump();
}
