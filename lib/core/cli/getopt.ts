/**
 * The one parser of command lines. A command's table of options serves parsing, `--help`, manual
 * pages and completions.
 *
 * The order of options is kept (`s6-svc -o -d` is not `-d -o`). Short options bundle (`-twR`), a
 * value is attached or follows (`-t5`, `-t 5`), long options take theirs after `=` or as the next
 * word. Parsing stops at the first operand, at a lone `-`, or after `--`. Where families of
 * programs differ is their manner. `given.ts` is the typed view of what was found. Source: skalibs,
 * subgetopt.c and gol.c. Pure.
 */

/** One option of a command. At least one of `short` and `long` is there. */
export interface OptionSpec {
  /** One letter, without the dash. */
  readonly short?: string;
  /** Without the dashes. */
  readonly long?: string;
  /** What the value is called in the help; an option without it is a flag. */
  readonly arg?: string;
  /** What the option does, in one line. */
  readonly text: string;
  /** What it means to the command, in the command's own terms: `Given.rows` hands it over. */
  readonly means?: unknown;
}

/** What an option of a table is called where it is used: by its letter, if it has one. */
export type NameOf<S extends OptionSpec> = S extends { readonly short: infer N extends string } ? N
  : S extends { readonly long: infer N extends string } ? N
  : string;

/** An option as it was met. */
export interface ParsedOption<N extends string = string> {
  /** The short letter, or the long name of an option that has no letter. */
  readonly name: N;
  /** "" for a flag. */
  readonly value: string;
}

/** What a command line consists of. */
export interface CommandLine<N extends string = string> {
  readonly options: readonly ParsedOption<N>[];
  readonly operands: readonly string[];
}

/** What a command tells about itself. */
export interface CommandTable {
  /** What the command is for, in one line. */
  readonly summary: string;
  /** Its arguments, without the program's name. */
  readonly usage: string;
  readonly options: readonly OptionSpec[];
  /** The commands that it has itself, and what they do. */
  readonly commands?: readonly (readonly [string, string])[];
  /** Exit code and meaning. */
  readonly exits: readonly (readonly [string, string])[];
  /** A command line to learn from. */
  readonly example: string;
}

/** A command line that its command does not understand: exit code 100. */
export class UsageError extends SyntaxError {
  override readonly name = "UsageError";
  /** The line that tells how the command is called follows the message. */
  readonly showsUsage: boolean;

  constructor(message: string, { showsUsage = true }: { readonly showsUsage?: boolean } = {}) {
    super(message);
    this.showsUsage = showsUsage;
  }
}

/** What is wrong with a word of a command line. */
export interface Fault {
  /**
   * - "unknown": there is no such option
   * - "no value": it lacks the value that it must have
   * - "needless value": it has a value and takes none
   */
  readonly kind: "unknown" | "no value" | "needless value";
  /** As it was written, without a value: `-t`, `--timeout`. */
  readonly option: string;
  /** The whole word, and its place on the command line. */
  readonly word: string;
  readonly at: number;
  /** All options that there are, and the one meant, if it is known. */
  readonly specs: readonly OptionSpec[];
  readonly spec: OptionSpec | undefined;
}

/** How a family of programs takes its command lines: all that differs between families. */
export interface Manner {
  /** Options may stand behind operands, too. */
  readonly anywhere: boolean;
  /** A long option's value may be the next word; else it stands behind `=` only. */
  readonly longTakesNext: boolean;
  /** A value may be empty. */
  readonly emptyValues: boolean;
  /** `--` is a value where the word that follows is one. */
  readonly endIsValue: boolean;
  /**
   * Throws what the family says about a fault. If it returns, the option counts as given without a
   * value ("flag"), or as not given ("skip").
   */
  readonly refuse: (fault: Fault) => "flag" | "skip";
}

/** s6, execline and most others: skalibs' subgetopt, with long options. */
export const S6_MANNER: Manner = {
  anywhere: false,
  longTakesNext: true,
  emptyValues: true,
  endIsValue: true,
  refuse({ kind, option, spec }): never {
    switch (kind) {
      case "unknown":
        throw new UsageError(`unknown option: ${option}`);
      case "needless value":
        throw new UsageError(`option takes no value: ${option}`);
      case "no value":
        throw new UsageError(`option needs a value: ${option} ${spec?.arg}`);
    }
  },
};

/**
 * Splits the arguments of a command (without argv[0]) into options and operands.
 *
 * @throws {UsageError} If the manner refuses an option.
 */
export function parseCommandLine<S extends OptionSpec>(
  argv: readonly string[],
  specs: readonly S[],
  manner: Manner = S6_MANNER,
): CommandLine<NameOf<S>> {
  const { options, operandsAt, passed } = parseOptions(argv, specs, manner);
  return { options, operands: [...passed, ...argv.slice(operandsAt)] };
}

/** Words that need not be an array. */
export interface WordList {
  at(index: number): string | undefined;
}

/** The options of a command line, without a look at the operands behind them. */
export interface LeadingOptions<N extends string = string> extends ScannedWords {
  readonly options: readonly ParsedOption<N>[];
}

/** The same as parseCommandLine, which copies no operands. @throws {UsageError} As above. */
export function parseOptions<S extends OptionSpec>(
  argv: WordList,
  specs: readonly S[],
  manner: Manner = S6_MANNER,
): LeadingOptions<NameOf<S>> {
  const options: ParsedOption<NameOf<S>>[] = [];
  const scanned = scanOptions(argv, specs, manner, ({ name, value }) => {
    options.push({ name: name as NameOf<S>, value });
  });
  return { options, ...scanned };
}

/** An option, and the place of the word in which its value stands, or ought to (a flag: it stands). */
export interface PlacedOption extends ParsedOption {
  readonly at: number;
}

export interface ScannedWords {
  /** Where the operands begin that nobody has looked at. */
  readonly operandsAt: number;
  /** Operands that stood before options; only where the manner lets them. */
  readonly passed: readonly string[];
}

/** Hands each option over as it is met. */
export function scanOptions(
  argv: WordList,
  specs: readonly OptionSpec[],
  manner: Manner,
  take: (option: PlacedOption) => void,
): ScannedWords {
  const passed: string[] = [];
  for (let at = 0;; at++) {
    const word = argv.at(at);
    if (word === undefined) return { operandsAt: at, passed };
    if (word === "--") return { operandsAt: at + 1, passed };
    if (word === "-" || !word.startsWith("-")) {
      if (!manner.anywhere) return { operandsAt: at, passed };
      passed.push(word);
      continue;
    }
    const scan = { argv, at, specs, manner, take };
    if (word.startsWith("--") ? scanLong(word, scan) : scanCluster(word, scan)) at++;
  }
}

interface Scan {
  readonly argv: WordList;
  /** The place of the word that is looked at. */
  readonly at: number;
  readonly specs: readonly OptionSpec[];
  readonly manner: Manner;
  readonly take: (option: PlacedOption) => void;
}

/** `--name`, `--name=value` or `--name value`; whether it took the next word. */
function scanLong(word: string, scan: Scan): boolean {
  const equals = word.indexOf("=");
  const long = equals < 0 ? word.slice(2) : word.slice(2, equals);
  const attached = equals < 0 ? undefined : word.slice(equals + 1);
  const spec = scan.specs.find((candidate) => candidate.long === long);
  const option = `--${long}`;
  const name = spec?.short ?? long;
  if (spec === undefined) return refused("unknown", { option, name, spec }, scan);
  if (spec.arg === undefined) {
    if (attached !== undefined) return refused("needless value", { option, name, spec }, scan);
    scan.take({ name, value: "", at: scan.at });
    return false;
  }
  return takeValue({ option, name, spec }, attached, scan, scan.manner.longTakesNext);
}

/** A cluster such as `-abt5`; whether the last option took the next word. */
function scanCluster(word: string, scan: Scan): boolean {
  for (let rest = word.slice(1); rest !== "";) {
    const name = String.fromCodePoint(rest.codePointAt(0)!);
    rest = rest.slice(name.length);
    const spec = scan.specs.find((candidate) => candidate.short === name);
    const option = `-${name}`;
    if (spec === undefined) refused("unknown", { option, name, spec }, scan);
    else if (spec.arg === undefined) scan.take({ name, value: "", at: scan.at });
    else return takeValue({ option, name, spec }, rest === "" ? undefined : rest, scan, true);
  }
  return false;
}

interface Met {
  readonly option: string;
  readonly name: string;
  readonly spec: OptionSpec | undefined;
}

/** Takes an option with its value, attached or the next word; whether that was the next word. */
function takeValue(
  met: Met,
  attached: string | undefined,
  scan: Scan,
  mayTakeNext: boolean,
): boolean {
  const { argv, at, manner } = scan;
  const tookNext = attached === undefined && mayTakeNext;
  const value = tookNext ? argv.at(at + 1) : attached;
  const isNone = value === undefined || (value === "" && !manner.emptyValues) ||
    (tookNext && value === "--" && !manner.endIsValue);
  if (isNone) return refused("no value", met, scan);
  scan.take({ name: met.name, value, at: tookNext ? at + 1 : at });
  return tookNext;
}

/** Never takes the next word. */
function refused(kind: Fault["kind"], { option, name, spec }: Met, scan: Scan): false {
  const { argv, at, specs, manner } = scan;
  if (manner.refuse({ kind, option, word: argv.at(at)!, at, specs, spec }) === "flag") {
    scan.take({ name, value: "", at: kind === "no value" ? at + 1 : at });
  }
  return false;
}
