/** What many links do with their options and operands. */
import { EXIT_USAGE } from "../core/cli/exit_codes.ts";
import { parseUint } from "../core/linux/config_file.ts";
import { UsageError } from "../core/cli/getopt.ts";
import type { Change } from "./core/chain_environment.ts";
import type { Words } from "./core/words.ts";
import type { Call, Next } from "./link.ts";
import { LinkFailure } from "./link_failure.ts";
import { substitute } from "./substituted.ts";

/** An unsigned number of 32 bits. @throws {UsageError} If `text` is none. */
export function parseNumber(what: string, text: string | undefined): number {
  if (text === undefined) throw new UsageError(`no ${what} given`);
  const number = parseUint(text);
  if (number === undefined) throw new UsageError(`invalid ${what}: ${text}`);
  return number;
}

/** A time in milliseconds; 0, or nothing, is Infinity. @throws {UsageError} If `text` is no number. */
export function millisecondsOf(what: string, text: string | undefined): number {
  const number = parseNumber(what, text ?? "0");
  return number === 0 ? Infinity : number;
}

/** A descriptor of the chain; what does not fit into an int is as closed as any other. */
export function parseDescriptor(text: string | undefined): number {
  return parseNumber("descriptor", text) | 0;
}

/** @throws {UsageError} If there are fewer words. */
export function needWords(words: Words, count: number, what: string): void {
  if (words.length < count) throw new UsageError(`${what} needed`);
}

/** The name of a variable. @throws {LinkFailure} If it is empty or has a `=`. */
export function variableName(name: string): string {
  if (name === "" || name.includes("=")) {
    throw new LinkFailure(EXIT_USAGE, `invalid variable name: ${name}`);
  }
  return name;
}

/** The value of a variable that must be there. @throws {LinkFailure} If it is not. */
export function requireVariable(call: Call, name: string): string {
  const value = call.state.env.get(name);
  if (value === undefined) throw new LinkFailure(EXIT_USAGE, `${name} not set`);
  return value;
}

/**
 * How many positional parameters there are. @throws {LinkFailure} If `#` is not set or no number.
 */
export function positionalCount(call: Call): number {
  const count = parseUint(requireVariable(call, "#"));
  if (count === undefined) throw new LinkFailure(EXIT_USAGE, "invalid $#");
  return count;
}

/**
 * Changes the environment and goes on. With `autoimport` each variable that gets a value is
 * substituted in the words instead, as `importas -uSi` after it would do.
 */
export function setAndGoOn(
  call: Call,
  words: Words,
  changes: readonly Change[],
  autoimport: boolean,
): Next {
  const { env } = call.state;
  env.change(changes);
  if (!autoimport) return { words };
  const imported = new Map<string, readonly string[]>();
  for (const [name, value] of changes) {
    if (value !== undefined) imported.set(name, [value]);
  }
  env.change([...imported.keys()].map((name) => [name, undefined]));
  return { words: substitute(call.state, words, imported) };
}
