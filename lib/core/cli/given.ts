/**
 * The typed view of a command line: what a command was given, asked for by the names in its table.
 * A name that the table does not have, or a flag's value, does not compile. Pure.
 */
import {
  type Manner,
  type NameOf,
  type OptionSpec,
  parseCommandLine,
  type ParsedOption,
} from "./getopt.ts";

/** What an option may be called: its letter or its long name. */
type Spelling<S> =
  | (S extends { readonly short: infer N extends string } ? N : never)
  | (S extends { readonly long: infer N extends string } ? N : never);

/** Tables whose names the compiler does not know take any name. */
type Known<S, Names> = OptionSpec extends S ? string : string extends Spelling<S> ? string : Names;

export type FlagName<S> = Known<S, Spelling<Exclude<S, { readonly arg: string }>>>;
export type ValueName<S> = Known<S, Spelling<Extract<S, { readonly arg: string }>>>;
export type OptionName<S> = Known<S, Spelling<S>>;

export interface GivenRow<S extends OptionSpec> {
  readonly row: S;
  readonly value: string;
}

/** What a function needs of commands that share these flags and options with a value. */
export interface GivenThese<Flags extends string, Values extends string> {
  readonly operands: readonly string[];
  /** Was the flag given? */
  readonly flag: (name: Flags) => boolean;
  /** The value of an option; the last one counts. */
  readonly value: (name: Values) => string | undefined;
  /** All values of an option, in their order. */
  readonly values: (name: Values) => readonly string[];
}

export interface Given<S extends OptionSpec = OptionSpec>
  extends GivenThese<FlagName<S>, ValueName<S>> {
  /** All of them, in their order. */
  readonly options: readonly ParsedOption<NameOf<S>>[];
  /** What was given, in its order: the row of the table, and the value ("" for a flag). */
  readonly rows: () => readonly GivenRow<S>[];
  /** The last that was given of several options that undo each other. */
  readonly last: <N extends OptionName<S>>(...names: readonly N[]) => N | undefined;
}

/**
 * What a command was given, of the arguments behind its name.
 *
 * @throws {UsageError} If the manner refuses an option.
 */
export function readCommandLine<S extends OptionSpec>(
  argv: readonly string[],
  { options: specs }: { readonly options: readonly S[] },
  manner?: Manner,
): Given<S> {
  const { options, operands } = parseCommandLine(argv, specs, manner);
  return { operands, ...viewOf(specs, options) };
}

/** The view without the operands, where those are not strings. */
export type GivenOptions<S extends OptionSpec = OptionSpec> = Omit<Given<S>, "operands">;

/** The view of options that have been parsed. */
export function viewOf<S extends OptionSpec>(
  specs: readonly S[],
  options: readonly ParsedOption<NameOf<S>>[],
): GivenOptions<S> {
  /** How an option is called in `options`. */
  const canonical = (name: string): string =>
    specs.find(({ long }) => long === name)?.short ?? name;
  const values = (name: string): readonly string[] => {
    const wanted = canonical(name);
    return options.filter((option) => option.name === wanted).map(({ value }) => value);
  };
  return {
    options,
    flag: (name) => values(name).length > 0,
    value: (name) => values(name).at(-1),
    values,
    rows: () =>
      options.map(({ name, value }) => ({
        row: specs.find(({ short, long }) => (short ?? long) === name)!,
        value,
      })),
    last<N extends OptionName<S>>(...names: readonly N[]): N | undefined {
      const wanted = names.map((name): string => canonical(name));
      const found = options.findLast(({ name }) => wanted.includes(name))?.name;
      return found === undefined ? undefined : names[wanted.indexOf(found)];
    },
  };
}

/**
 * What an option sets, as its row's `means`: settings, or what makes them of its value and of what
 * the options before it have set.
 */
export type Sets<T> = Partial<T> | ((value: string, before: T) => Partial<T>);

/** A row that sets something. */
export interface SettingRow<T> extends OptionSpec {
  readonly means: Sets<T>;
}

/** The settings that hold without options, changed by each option in its order. */
export function settingsOf<T extends object>(
  rows: readonly GivenRow<SettingRow<T>>[],
  defaults: T,
): T {
  return rows.reduce((before, { row: { means }, value }) => ({
    ...before,
    ...(typeof means === "function" ? means(value, before) : means),
  }), defaults);
}
