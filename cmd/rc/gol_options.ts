/** Options of s6-rc's programs, taken as C takes them and refused in its words. */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { type CommandLine, type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { parseGol } from "../../lib/core/cli/gol.ts";
import { type Context, Failure } from "../context.ts";

const LARGEST = 0xffffffff;

export interface GolOptions {
  readonly operands: readonly string[];
  /** The value of an option that takes one; the last one given counts. */
  value(name: string): string | undefined;
  /** The last of these letters that was given. */
  last(...names: readonly string[]): string | undefined;
  /** All options that were given, in their order. */
  readonly letters: readonly string[];
  /** The number that an option gives. @throws {Failure} If it is none. */
  number(name: string, called: string): number | undefined;
}

/** @throws {Failure} If a word is no option of this program. */
export function golOptions(
  context: Pick<Context, "argv">,
  table: Pick<CommandTable, "options">,
): GolOptions {
  const parsed = parseGol(context.argv, table.options);
  if ("error" in parsed) throw new Failure(EXIT_USAGE, parsed.error);
  const { options, operands }: CommandLine = parsed;
  const value = (name: string): string | undefined =>
    options.findLast((option) => option.name === name)?.value;
  return {
    operands,
    letters: options.map(({ name }) => name),
    value,
    last: (...names) => options.findLast(({ name }) => names.includes(name))?.name,
    number(name, called): number | undefined {
      const text = value(name);
      if (text === undefined) return undefined;
      if (!/^[0-9]+$/.test(text) || Number(text) > LARGEST) {
        throw new Failure(EXIT_USAGE, `${called} must be an unsigned integer`);
      }
      return Number(text);
    },
  };
}

/** How these programs refuse a command line with too few words: their usage, and nothing else. */
export function usageOnly(): UsageError {
  return new UsageError("");
}
