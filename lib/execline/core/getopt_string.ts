/**
 * Options by a getopt string, `ab:c`: the letters, each with a colon if it takes a value. For the
 * arguments of scripts, whose options are not known beforehand. Source: skalibs, subgetopt.c. Pure.
 */
import { fromBytes, toBytes } from "./execline_value.ts";

export interface LetterOption {
  readonly letter: string;
  /** undefined: the option takes none. */
  readonly value: string | undefined;
}

export interface LetterOptions {
  readonly options: readonly LetterOption[];
  readonly operands: readonly string[];
  /** An option that is not in the string, or lacks its value. */
  readonly problem?: "unknown" | "no value";
}

/**
 * The options that `argv` begins with. A colon at the beginning of `optstring` makes a lacking
 * value the option `:` too, as C has it. Letters are bytes.
 */
export function letterOptions(argv: readonly string[], optstring: string): LetterOptions {
  const tolerant = optstring.startsWith(":");
  const specs = specsOf(toBytes(tolerant ? optstring.slice(1) : optstring));
  const options: LetterOption[] = [];
  let at = 0;
  for (; at < argv.length; at++) {
    const word = toBytes(argv[at]!);
    if (word === "--") return { options, operands: argv.slice(at + 1) };
    if (!word.startsWith("-") || word === "-") break;
    if (word.startsWith("--")) return { options, operands: argv.slice(at), problem: "unknown" };
    for (let i = 1; i < word.length; i++) {
      const letter = word[i]!;
      const takesValue = specs.get(letter);
      if (takesValue === undefined) {
        return { options, operands: argv.slice(at), problem: "unknown" };
      }
      if (!takesValue) {
        options.push({ letter: fromBytes(letter), value: undefined });
        continue;
      }
      const attached = word.slice(i + 1);
      const value = attached !== "" ? fromBytes(attached) : argv[++at];
      if (value === undefined && tolerant) options.push({ letter: ":", value });
      if (value === undefined) return { options, operands: [], problem: "no value" };
      options.push({ letter: fromBytes(letter), value });
      break;
    }
  }
  return { options, operands: argv.slice(at) };
}

/** Whether each letter takes a value. The first mention of a letter counts. */
function specsOf(optstring: string): ReadonlyMap<string, boolean> {
  const specs = new Map<string, boolean>();
  for (let at = 0; at < optstring.length; at++) {
    const letter = optstring[at]!;
    const takesValue = optstring[at + 1] === ":";
    if (!specs.has(letter)) specs.set(letter, takesValue);
    if (takesValue) at += 1;
  }
  return specs;
}
