/**
 * The command lines of `hexad`'s own commands. One table per command tells its options and
 * operands: parsing, `--help`, and whatever else is made of it (completions, manual pages) read
 * that one table.
 *
 * Options may stand anywhere, not only before the operands; each has a long name and may have a
 * letter; letters bundle (`-fn5`). Here a command line is brought into one form, `--name=value`, in
 * which @std/cli's parser can't mistake anything: by itself it takes a service that is called
 * `true` for the value of a flag, the path in `-S/a=b` for `b`, and `--grep -x` for two options.
 * Pure.
 */
import { suggestion } from "../text/edit_distance.ts";
import type { CommandTable, OptionSpec } from "./getopt.ts";
import { UsageError } from "./getopt.ts";

/**
 * What a value or an operand is, for those that complete it or explain it. A list: one of these
 * words.
 */
export type ValueKind =
  | "service"
  | "signal"
  | "directory"
  | "file"
  | "duration"
  | "time"
  | "number"
  | "pattern"
  | "text"
  | readonly string[];

export interface NamedOption extends OptionSpec {
  readonly long: string;
  /** Of an option with a value. */
  readonly kind?: ValueKind;
  /** May be given more than once; each value counts. */
  readonly repeatable?: boolean;
}

/** What one of `hexad`'s own commands tells about itself. */
export interface NamedTable extends CommandTable {
  readonly options: readonly NamedOption[];
  /** What its operands are; `none` if it takes none. */
  readonly operands: ValueKind | "none";
}

/** The environment variable by which all of them are told. */
export const SCANDIR_VARIABLE = "S6_SCANDIR";

/** The option by which all commands that look at a tree are told which. */
export const SCANDIR_OPTION: NamedOption = {
  short: "S",
  long: "scandir",
  arg: "DIR",
  kind: "directory",
  text: "the scan directory; default: $S6_SCANDIR, that of PID 1, /run/service, /service",
};

/**
 * The command line with every option as `--name=value` (a flag: `--name=true`), and operands after
 * `--`.
 *
 * @throws {UsageError} If an option is unknown, lacks its value, or has one and takes none.
 */
export function spellOut(argv: readonly string[], options: readonly NamedOption[]): string[] {
  const spelt: string[] = [];
  const operands: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at]!;
    if (word === "--") {
      operands.push(...argv.slice(at + 1));
      break;
    }
    if (!word.startsWith("-") || word === "-") operands.push(word);
    else {
      const next = argv[at + 1];
      const tookNext = word.startsWith("--")
        ? spellLong(word, next, options, spelt)
        : spellCluster(word, next, options, spelt);
      if (tookNext) at++;
    }
  }
  return [...spelt, "--", ...operands];
}

/** Adds `--name`, `--name=value` or `--name value`; whether it took the next word. */
function spellLong(
  word: string,
  next: string | undefined,
  options: readonly NamedOption[],
  into: string[],
): boolean {
  const equals = word.indexOf("=");
  const name = equals < 0 ? word : word.slice(0, equals);
  const option = options.find(({ long }) => `--${long}` === name);
  if (option === undefined) throw unknownOption(name, options);
  const attached = equals < 0 ? undefined : word.slice(equals + 1);
  if (option.arg === undefined && attached !== undefined) {
    throw new UsageError(`option takes no value: ${name}`);
  }
  into.push(spelling(option, attached ?? next));
  return option.arg !== undefined && attached === undefined;
}

/** Adds the options of `-abc5`; whether the last one took the next word. */
function spellCluster(
  word: string,
  next: string | undefined,
  options: readonly NamedOption[],
  into: string[],
): boolean {
  for (let at = 1; at < word.length; at++) {
    const letter = word[at]!;
    const option = options.find(({ short }) => short === letter);
    if (option === undefined) {
      throw unknownOption(word.length === 2 ? word : `-${letter} in ${word}`, options);
    }
    if (option.arg === undefined) {
      into.push(spelling(option, undefined));
      continue;
    }
    const rest = word.slice(at + 1);
    into.push(spelling(option, rest === "" ? next : rest));
    return rest === "";
  }
  return false;
}

function spelling(option: NamedOption, value: string | undefined): string {
  if (option.arg === undefined) return `--${option.long}=true`;
  if (value === undefined || value === "") {
    throw new UsageError(`option needs a value: --${option.long} ${option.arg}`);
  }
  return `--${option.long}=${value}`;
}

function unknownOption(name: string, options: readonly NamedOption[]): UsageError {
  const known = [...options.map(({ long }) => `--${long}`), "--help", "--version"];
  return new UsageError(`unknown option: ${name}${suggestion(name, known)}`);
}
