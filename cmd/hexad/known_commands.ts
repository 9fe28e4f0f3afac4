/**
 * What those who look at scripts know of our commands: the links of chains with their options, and
 * all names.
 */
import { CHAIN_SHAPES } from "../../lib/execline/core/chain_shape.ts";
import type { OptionSpec } from "../../lib/core/cli/getopt.ts";
import type { KnownCommands } from "../../lib/check/core/script_check.ts";
import { isRegular, tryStat } from "../../lib/libc/stat.ts";
import { COMMANDS, LINKS, TOOLS, UNLINKED_LINKS } from "../registry.ts";

/** @param path PATH of this process, for programs that are not ours */
export async function knownCommands(path: string): Promise<KnownCommands> {
  const options = new Map<string, readonly OptionSpec[]>();
  for (const name of [...Object.keys(CHAIN_SHAPES), "execlineb"]) {
    const { link, table } = await (LINKS[name] ?? UNLINKED_LINKS[name])!();
    if (!link.allOperands) options.set(name, table.options);
  }
  return {
    names: [COMMANDS, TOOLS, LINKS, UNLINKED_LINKS].flatMap(Object.keys),
    options: (name) => options.get(name),
    isProgram: (name) => path.split(":").some((directory) => isFile(`${directory}/${name}`)),
  };
}

function isFile(path: string): boolean {
  const file = tryStat(path);
  return typeof file !== "number" && isRegular(file.mode);
}
