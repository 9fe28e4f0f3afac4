/** The command line of one of `hexad`'s own commands, read by the command's table. */
import { UsageError } from "../../lib/core/cli/getopt.ts";
import {
  type FlagName,
  type Given,
  type GivenThese,
  readCommandLine,
  type ValueName,
} from "../../lib/core/cli/given.ts";
import { OWN_MANNER } from "../../lib/core/cli/manners.ts";
import type { NamedOption, NamedTable } from "../../lib/core/cli/option_table.ts";

/** @throws {UsageError} If the table does not allow it. */
export function parseArguments<T extends NamedTable>(
  argv: readonly string[],
  table: T,
): Given<T["options"][number]> {
  const given = readCommandLine<T["options"][number]>(argv, table, OWN_MANNER);
  if (table.operands === "none" && given.operands.length > 0) {
    throw new UsageError(`unexpected argument: ${given.operands[0]}`);
  }
  return given;
}

/** What a function wants of the arguments of commands that have these options. */
export type Arguments<Option extends NamedOption> = GivenThese<
  FlagName<Option>,
  ValueName<Option>
>;
