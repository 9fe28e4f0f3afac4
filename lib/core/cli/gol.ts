/**
 * Command lines as skalibs' `gol` reads them, which is how the programs of s6-rc take theirs:
 * `-v2`, `-v 2`, `-bda`, `--verbosity=2`, `--block`. A long option takes its value after `=` only.
 *
 * Parsing stops at the first word that is no option, or after `--`. A short option that is the last
 * word, or stands before `--`, goes without the value it ought to have, and counts as not given.
 * Source: skalibs, gol.c and gol_argv.c. Pure.
 */
import type { CommandLine, OptionSpec, ParsedOption } from "./getopt.ts";

/** What is said of a word that is no option of the program; exit code 100. */
export interface GolError {
  readonly error: string;
}

/** Splits the arguments of a command (without argv[0]) into options and operands. */
export function parseGol(
  argv: readonly string[],
  specs: readonly OptionSpec[],
): CommandLine | GolError {
  const options: ParsedOption[] = [];
  let at = 0;
  for (; at < argv.length; at++) {
    const word = argv[at]!;
    if (!word.startsWith("-") || word === "-") break;
    if (word === "--") return { options, operands: argv.slice(at + 1) };
    if (word.startsWith("--")) {
      const option = parseLong(word, specs);
      if ("error" in option) return option;
      options.push(option);
    } else {
      const outcome = parseCluster(word, argv[at + 1], specs, options);
      if (outcome === "took next") at++;
      else if (outcome !== "") return { error: `unrecognized short option: ${outcome}` };
    }
  }
  return { options, operands: argv.slice(at) };
}

function parseLong(word: string, specs: readonly OptionSpec[]): ParsedOption | GolError {
  const equals = word.indexOf("=");
  if (equals === 2) return { error: `invalid option: ${word}` };
  const long = equals < 0 ? word.slice(2) : word.slice(2, equals);
  const spec = specs.find((candidate) =>
    candidate.long === long && (candidate.arg !== undefined) === (equals >= 0)
  );
  if (spec === undefined) {
    return {
      error: `unrecognized ${equals < 0 ? "boolean option" : "option with argument"}: ${word}`,
    };
  }
  return { name: spec.short ?? long, value: equals < 0 ? "" : word.slice(equals + 1) };
}

/** Adds the options of `-abv5`. Returns `took next`, nothing, or the letter that is none. */
function parseCluster(
  word: string,
  next: string | undefined,
  specs: readonly OptionSpec[],
  into: ParsedOption[],
): string {
  for (let at = 1; at < word.length; at++) {
    const name = word[at]!;
    const spec = specs.find(({ short }) => short === name);
    if (spec === undefined) return name;
    if (spec.arg === undefined) {
      into.push({ name, value: "" });
      continue;
    }
    const rest = word.slice(at + 1);
    if (rest !== "") into.push({ name, value: rest });
    else if (next !== undefined && next !== "--") {
      into.push({ name, value: next });
      return "took next";
    }
    return "";
  }
  return "";
}
