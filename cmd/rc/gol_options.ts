/** Options of s6-rc's programs, taken as C takes them and refused in its words. */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { type OptionSpec, UsageError } from "../../lib/core/cli/getopt.ts";
import { type Given, readCommandLine } from "../../lib/core/cli/given.ts";
import { GOL_MANNER } from "../../lib/core/cli/manners.ts";
import { type Context, Failure } from "../context.ts";

const LARGEST = 0xffffffff;

/** @throws {UsageError} If a word is no option of this program. */
export function golOptions<S extends OptionSpec>(
  context: Pick<Context, "argv">,
  table: { readonly options: readonly S[] },
): Given<S> {
  return readCommandLine(context.argv, table, GOL_MANNER);
}

/**
 * The number that an option's value is; undefined for an option that was not given.
 *
 * @throws {Failure} If it is none.
 */
export function numberOf(text: string | undefined, called: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[0-9]+$/.test(text) || Number(text) > LARGEST) {
    throw new Failure(EXIT_USAGE, `${called} must be an unsigned integer`);
  }
  return Number(text);
}

/** How these programs refuse a command line with too few words: their usage, and nothing else. */
export function usageOnly(): UsageError {
  return new UsageError("");
}
