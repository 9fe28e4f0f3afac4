/**
 * Options by a getopt string, `ab:c`: the letters, each with a colon if it takes a value. For the
 * arguments of scripts, whose options are not known beforehand. Source: skalibs, subgetopt.c. Pure.
 */
import { type Fault, type Manner, S6_MANNER, scanOptions } from "../../core/cli/getopt.ts";
import { specsOfLetters } from "../../core/cli/manners.ts";
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
  const specs = specsOfLetters(toBytes(tolerant ? optstring.slice(1) : optstring));
  const options: LetterOption[] = [];
  try {
    const words = argv.map(toBytes);
    const { operandsAt } = scanOptions(words, specs, MANNER, ({ name, value }) => {
      const takesValue = specs.find(({ short }) => short === name)?.arg !== undefined;
      options.push({ letter: fromBytes(name), value: takesValue ? fromBytes(value) : undefined });
    });
    return { options, operands: argv.slice(operandsAt) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { kind, at } = error.fault;
    if (kind === "unknown") return { options, operands: argv.slice(at), problem: kind };
    if (tolerant) options.push({ letter: ":", value: undefined });
    return { options, operands: [], problem: "no value" };
  }
}

/** Ends the scan; the options before it count. */
class Refusal extends Error {
  constructor(readonly fault: Fault) {
    super();
  }
}

const MANNER: Manner = {
  ...S6_MANNER,
  refuse(fault): never {
    throw new Refusal(fault);
  },
};
