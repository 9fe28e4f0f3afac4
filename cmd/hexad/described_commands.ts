/**
 * All of `hexad`'s own commands with their tables, for what is made of these. Loads every command;
 * so only those load it that need them all.
 */
import type { DescribedCommand } from "../../lib/core/cli/described_command.ts";
import { OWN_COMMANDS } from "./commands.ts";
import { COMMANDS, LINKS, TOOLS } from "../registry.ts";

export function describedCommands(): Promise<DescribedCommand[]> {
  return Promise.all(
    Object.entries(OWN_COMMANDS).map(async ([name, { text, load }]) => ({
      name,
      text,
      table: (await load()).table,
    })),
  );
}

/** The names of the commands that `hexad` is called by. */
export function linkedNames(): string[] {
  return [COMMANDS, TOOLS, LINKS].flatMap(Object.keys).sort();
}
