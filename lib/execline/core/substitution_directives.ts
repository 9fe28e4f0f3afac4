/**
 * The values that `define`, `importas`, `elgetpositionals` and `multidefine` give to variables of a
 * command line. Source: execline, doc/define.html and the pages of the others; exlsn_define.c,
 * exlsn_importas.c, exlp.c, exlsn_multidefine.c. Pure.
 */
import type { ParsedOption } from "../../core/cli/getopt.ts";
import { DEFAULT_DELIMITERS, type Transformation, transformValue } from "./execline_value.ts";

/** How the options -N -n -s -C -c -d transform a value. */
export function transformationOf(
  options: readonly ParsedOption[],
  always: Partial<Transformation> = {},
): Transformation {
  let transformation: Transformation = {
    delimiters: DEFAULT_DELIMITERS,
    crunch: false,
    chomp: false,
    split: false,
    ...always,
  };
  for (const { name, value } of options) {
    transformation = { ...transformation, ...change(name, value) };
  }
  return transformation;
}

function change(name: string, value: string): Partial<Transformation> {
  switch (name) {
    case "N":
    case "n":
      return { chomp: name === "n" };
    case "C":
    case "c":
      return { crunch: name === "C" };
    case "s":
      return { split: true };
    case "d":
      return { delimiters: value };
    default:
      return {};
  }
}

export interface MultidefineOptions {
  /** A variable that no word is left for has no value at all, instead of an empty one. */
  readonly zeroWords: boolean;
  /** The last variable gets all words that are left. */
  readonly likeRead: boolean;
}

/**
 * The words that a value is split into, given to variables. A variable without a name takes a word
 * that nobody gets.
 *
 * @throws {SyntaxError} If the value should be netstrings and is not.
 */
export function multidefine(
  value: string,
  names: readonly string[],
  options: MultidefineOptions & { readonly transformation: Transformation },
): (readonly [name: string, values: readonly string[]])[] {
  const words = transformValue(value, options.transformation);
  const defined = names.flatMap((name, i) => name === "" ? [] : [{ name, start: i }]);
  return defined.map(({ name, start }, i) => {
    const isLast = i === defined.length - 1;
    // with an unnamed variable behind it, the last named one still gets as many words as if it
    // stood there
    if (isLast && options.likeRead && names.length < words.length) {
      return [name, words.slice(start, start + words.length - names.length + 1)];
    }
    const word = words[start];
    return [name, word !== undefined ? [word] : options.zeroWords ? [] : [""]];
  });
}
