/** Options of s6-rc's programs, parsed as in C and refused in C's words. */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { type OptionSpec, UsageError } from "../../lib/core/cli/getopt.ts";
import { type Given, readCommandLine } from "../../lib/core/cli/given.ts";
import { GOL_MANNER } from "../../lib/core/cli/manners.ts";
import { type Context, Failure } from "../context.ts";

const LARGEST = 0xffffffff;

/** @throws {UsageError} If a word is not an option of this program. */
export function golOptions<S extends OptionSpec>(
  context: Pick<Context, "argv">,
  table: { readonly options: readonly S[] },
): Given<S> {
  return readCommandLine(context.argv, table, GOL_MANNER);
}

/**
 * The value of an option as a number; undefined for an option that was not given.
 *
 * @throws {Failure} If it is not a number.
 */
export function numberOf(text: string | undefined, called: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[0-9]+$/.test(text) || Number(text) > LARGEST) {
    throw new Failure(EXIT_USAGE, `${called} must be an unsigned integer`);
  }
  return Number(text);
}

/** For a command line with too few words, these programs print only their usage. */
export function usageOnly(): UsageError {
  return new UsageError("");
}
