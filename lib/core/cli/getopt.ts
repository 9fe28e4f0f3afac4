/**
 * Command lines: one table of options per command serves parsing and `--help`.
 *
 * The order of options is kept (`s6-svc -o -d` is not `-d -o`). Short options bundle (`-twR`), a
 * value is attached or follows (`-t5`, `-t 5`), long options take theirs after `=` or as the next
 * word. Parsing stops at the first operand, at a lone `-`, or after `--`. Source: skalibs,
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
}

/** An option as it was met. */
export interface ParsedOption {
  /** The short letter, or the long name of an option that has no letter. */
  readonly name: string;
  /** "" for a flag. */
  readonly value: string;
}

/** What a command line consists of. */
export interface CommandLine {
  readonly options: readonly ParsedOption[];
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
}

/** The options that the arguments of a command begin with. */
export interface LeadingOptions {
  readonly options: readonly ParsedOption[];
  /** Where the first operand is, or would be. */
  readonly operandsAt: number;
}

/**
 * Splits the arguments of a command (without argv[0]) into options and operands.
 *
 * @throws {UsageError} If an option is unknown, lacks its value, or has one and takes none.
 */
export function parseCommandLine(
  argv: readonly string[],
  specs: readonly OptionSpec[],
): CommandLine {
  const { options, operandsAt } = parseOptions(argv, specs);
  return { options, operands: argv.slice(operandsAt) };
}

/**
 * The options, without a look at what follows the first operand. @throws {UsageError} As above.
 */
export function parseOptions(
  argv: { at(index: number): string | undefined },
  specs: readonly OptionSpec[],
): LeadingOptions {
  const options: ParsedOption[] = [];
  let at = 0;
  for (;; at++) {
    const word = argv.at(at);
    if (word === "--") return { options, operandsAt: at + 1 };
    if (word === undefined || word === "-" || !word.startsWith("-")) break;
    const next = argv.at(at + 1);
    const tookNext = word.startsWith("--")
      ? parseLong(word, next, specs, options)
      : parseShort(word, next, specs, options);
    if (tookNext) at += 1;
  }
  return { options, operandsAt: at };
}

/** The line that tells how a command is called, without a newline. */
export function usageLine(program: string, table: CommandTable): string {
  return `usage: ${`${program} ${table.usage}`.trimEnd()}`;
}

/** The text of `--help`: usage, summary, options, exit codes, an example. Ends with a newline. */
export function helpText(program: string, table: CommandTable): string {
  const specs = [
    ...table.options,
    { long: "help", text: "show this text" },
    { long: "version", text: "show the version of hexad and of its runtime" },
  ];
  const anyShort = specs.some((spec) => spec.short !== undefined);
  return [
    usageLine(program, table),
    "",
    table.summary,
    "",
    ...(table.commands === undefined ? [] : ["commands:", ...columns(table.commands), ""]),
    "options:",
    ...columns(specs.map((spec) => [optionLabel(spec, anyShort), spec.text])),
    "",
    "exit codes:",
    ...columns(table.exits),
    "",
    "example:",
    ...table.example.split("\n").map((line) => `  ${line}`),
    "",
  ].join("\n");
}

/** Adds the option in `--name`, `--name=value` or `--name value`; whether it took the next word. */
function parseLong(
  word: string,
  next: string | undefined,
  specs: readonly OptionSpec[],
  into: ParsedOption[],
): boolean {
  const equals = word.indexOf("=");
  const long = equals === -1 ? word.slice(2) : word.slice(2, equals);
  const spec = specs.find((candidate) => candidate.long === long);
  if (spec === undefined) throw new UsageError(`unknown option: --${long}`);
  const name = spec.short ?? long;
  if (spec.arg === undefined) {
    if (equals !== -1) throw new UsageError(`option takes no value: --${long}`);
    into.push({ name, value: "" });
    return false;
  }
  if (equals !== -1) {
    into.push({ name, value: word.slice(equals + 1) });
    return false;
  }
  if (next === undefined) throw new UsageError(`option needs a value: --${long} ${spec.arg}`);
  into.push({ name, value: next });
  return true;
}

/** Adds the options in a cluster such as `-abt5`; whether the last one took the next word. */
function parseShort(
  word: string,
  next: string | undefined,
  specs: readonly OptionSpec[],
  into: ParsedOption[],
): boolean {
  let rest = word.slice(1);
  while (rest !== "") {
    const name = String.fromCodePoint(rest.codePointAt(0)!);
    rest = rest.slice(name.length);
    const spec = specs.find((candidate) => candidate.short === name);
    if (spec === undefined) throw new UsageError(`unknown option: -${name}`);
    if (spec.arg === undefined) {
      into.push({ name, value: "" });
      continue;
    }
    if (rest !== "") {
      into.push({ name, value: rest });
      return false;
    }
    if (next === undefined) throw new UsageError(`option needs a value: -${name} ${spec.arg}`);
    into.push({ name, value: next });
    return true;
  }
  return false;
}

/** How an option is written: `-t, --timeout MS`. */
function optionLabel(spec: OptionSpec, anyShort: boolean): string {
  const names = [
    spec.short === undefined ? undefined : `-${spec.short}`,
    spec.long === undefined ? undefined : `--${spec.long}`,
  ];
  const label = names.filter((name) => name !== undefined).join(", ");
  const indent = spec.short === undefined && anyShort ? "    " : "";
  return spec.arg === undefined ? indent + label : `${indent}${label} ${spec.arg}`;
}

/** Lines of two aligned columns, indented. */
function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
