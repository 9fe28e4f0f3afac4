/** The command line of one of `hexad`'s own commands, parsed by @std/cli by the command's table. */
import { parseArgs } from "@std/cli";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { type NamedTable, spellOut } from "../../lib/core/cli/option_table.ts";

export interface Arguments {
  /** Was the flag given? */
  flag(name: string): boolean;
  /** The value of an option, the last one if it was given more than once. */
  value(name: string): string | undefined;
  /** All values of an option that may be given more than once. */
  values(name: string): readonly string[];
  readonly operands: readonly string[];
}

/** @throws {UsageError} If the table does not allow it. */
export function parseArguments(argv: readonly string[], table: NamedTable): Arguments {
  const names = table.options.map(({ long }) => long);
  const flags = table.options.filter(({ arg }) => arg === undefined).map(({ long }) => long);
  const parsed: Readonly<Record<string, unknown>> = parseArgs(spellOut(argv, table.options), {
    boolean: flags,
    string: [...names.filter((name) => !flags.includes(name)), "_"],
    collect: names.filter((name) => !flags.includes(name)),
  });
  const operands = parsed._ as readonly string[];
  if (table.operands === "none" && operands.length > 0) {
    throw new UsageError(`unexpected argument: ${operands[0]}`);
  }
  const values = (name: string): readonly string[] => parsed[name] as readonly string[];
  return {
    flag: (name) => parsed[name] === true,
    value: (name) => values(name).at(-1),
    values,
    operands,
  };
}
