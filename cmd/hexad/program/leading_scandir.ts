/** `hexad -S DIR COMMAND ...`, which means the same as `hexad COMMAND -S DIR ...`. */
import { parseOptions, UsageError } from "../../../lib/core/cli/getopt.ts";
import { OWN_MANNER } from "../../../lib/core/cli/manners.ts";
import { SCANDIR_OPTION } from "../../../lib/core/cli/option_table.ts";
import { OWN_COMMANDS } from "../commands.ts";

export interface OwnCall {
  /** One of `hexad`'s own commands. */
  readonly name: string;
  readonly argv: readonly string[];
}

/**
 * The command behind the option, with the option among its arguments. Undefined if what stands
 * there is none of `hexad`'s own commands.
 *
 * @throws {UsageError} If the option lacks its value, or the command looks at no scan directory.
 */
export async function callInScandir(argv: readonly string[]): Promise<OwnCall | undefined> {
  const { options, operandsAt } = parseOptions(argv, [SCANDIR_OPTION], {
    ...OWN_MANNER,
    anywhere: false,
  });
  const name = argv[operandsAt];
  if (name === undefined || !Object.hasOwn(OWN_COMMANDS, name)) return undefined;
  const { table } = await OWN_COMMANDS[name]!.load();
  if (!table.options.some(({ long }) => long === SCANDIR_OPTION.long)) {
    throw new UsageError(`hexad ${name} looks at no scan directory: leave out -S`);
  }
  const scandir = options.at(-1)!.value;
  return { name, argv: [`--${SCANDIR_OPTION.long}`, scandir, ...argv.slice(operandsAt + 1)] };
}
