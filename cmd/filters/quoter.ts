/**
 * What s6-quote and s6-quote-filter have in common. Source: s6-portable-utils, doc/s6-quote.html,
 * s6-quote.c.
 */
import { EXIT_SYSTEM, EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import type { OptionSpec } from "../../lib/core/cli/getopt.ts";
import type { GivenThese } from "../../lib/core/cli/given.ts";
import { quoteBytes } from "../../lib/core/shell/quoting.ts";
import { delimitersOf } from "./quote_delimiters.ts";
import { Failure } from "../context.ts";

export const QUOTE_OPTIONS = [
  {
    short: "d",
    arg: "DELIM",
    text: "quote with the first character of DELIM, and escape all of them",
  },
  { short: "u", text: "print no quotes, only escape what needs it" },
] as const satisfies readonly OptionSpec[];

/**
 * What quotes a string as the options say. @throws {Failure} If they name no character to quote
 * with, or one that can't be.
 */
export function quoterFor(
  { flag, value }: GivenThese<"u", "d">,
): (bytes: Uint8Array) => Uint8Array<ArrayBuffer> {
  const delimiters = delimitersOf(value("d"));
  const bare = flag("u");
  const [quote] = delimiters;
  if (!bare && quote === undefined) {
    throw new Failure(EXIT_USAGE, "no character to quote with; -u quotes without");
  }
  return (bytes) => {
    const escaped = escape(bytes, delimiters);
    return bare || quote === undefined ? escaped : enclosed(escaped, quote);
  };
}

function enclosed(bytes: Uint8Array, quote: number): Uint8Array<ArrayBuffer> {
  const quoted = new Uint8Array(bytes.length + 2).fill(quote);
  quoted.set(bytes, 1);
  return quoted;
}

function escape(bytes: Uint8Array, delimiters: Uint8Array): Uint8Array<ArrayBuffer> {
  try {
    return quoteBytes(bytes, delimiters);
  } catch (error) {
    throw error instanceof RangeError
      ? new Failure(EXIT_SYSTEM, `unable to quote: ${error.message}`)
      : error;
  }
}
