/**
 * define, importas, elglob, elgetpositionals, multidefine, and multisubstitute, which has all of
 * them at once: variables of the words that follow. Source: execline, doc/multisubstitute.html and
 * the pages of the others; libexecline/exlsn_main.c.
 */
import { EXIT_SYSTEM, EXIT_USAGE } from "../core/cli/exit_codes.ts";
import { parseUint } from "../core/linux/config_file.ts";
import { fromBytes, netstring, toBytes, transformValue } from "./core/execline_value.ts";
import {
  type OptionSpec,
  type ParsedOption,
  parseOptions,
  UsageError,
} from "../core/cli/getopt.ts";
import { type GivenOptions, viewOf } from "../core/cli/given.ts";
import {
  multidefine as multidefineValues,
  transformationOf,
} from "./core/substitution_directives.ts";
import { strerror } from "../core/linux/errno.ts";
import type { Words } from "./core/words.ts";
import {
  glob,
  GLOB_ERR,
  GLOB_MARK,
  GLOB_NOCHECK,
  GLOB_NOESCAPE,
  GLOB_NOSORT,
} from "../libc/glob.ts";
import { parseNumber } from "./arguments.ts";
import { BlockReader } from "./blocks.ts";
import type { Call, Link, LinkResult } from "./link.ts";
import { LinkFailure } from "./link_failure.ts";
import { strictness } from "./strictness.ts";
import { substitute } from "./substituted.ts";

const VALUE_OPTIONS: readonly OptionSpec[] = [
  { short: "N", text: "keep a delimiter at the end (the default)" },
  { short: "n", text: "drop a delimiter at the end" },
  { short: "s", text: "split the value at delimiters: as many words" },
  { short: "C", text: "several delimiters in a row are one" },
  { short: "c", text: "they are not (the default)" },
  {
    short: "d",
    arg: "DELIM",
    text: "the delimiters; default: blank, newline, CR, tab. Empty: the value is netstrings",
  },
];

const IMPORT_OPTIONS = [
  { short: "i", text: "the variable must be set" },
  { short: "u", text: "remove it from the environment" },
  { short: "D", arg: "DEFAULT", text: "its value if it is not set; without this, no word" },
  ...VALUE_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** The options of each, for its table too. */
export const SUBSTITUTION_OPTIONS = {
  define: VALUE_OPTIONS,
  import: IMPORT_OPTIONS,
  importas: [
    { short: "S", text: "the variable is called like the key, which is not given then" },
    ...IMPORT_OPTIONS,
  ],
  elglob: [
    { short: "v", text: "say which directories can't be read" },
    { short: "w", text: "stop at one that can't be read" },
    { short: "s", text: "sort the names" },
    { short: "m", text: "a slash behind directories" },
    { short: "e", text: "a backslash in the pattern is nothing special" },
    { short: "0", text: "if nothing matches: no word, instead of the pattern" },
    { short: "n", text: "with -d: no delimiter at the end" },
    {
      short: "d",
      arg: "DELIM",
      text: "make one word of all, with this behind each; empty: netstrings",
    },
  ],
  elgetpositionals: [{ short: "P", arg: "N", text: "define at least $1 to $N" }],
  multidefine: [
    { short: "0", text: "a variable that nothing is left for is no word, instead of an empty one" },
    { short: "r", text: "the last variable gets all words that are left" },
    ...VALUE_OPTIONS.filter(({ short }) => short !== "s"),
  ],
} as const satisfies Readonly<Record<string, readonly OptionSpec[]>>;

/** Why a directive can't be done: C tells these kinds, by different exit codes. */
class DirectiveError extends Error {
  override readonly name = "DirectiveError";
  readonly kind: "key" | "empty block" | "failure";

  constructor(kind: DirectiveError["kind"], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** What the directives of one command line have come to. */
class Substitution {
  readonly call: Call;
  readonly blocks: BlockReader;
  readonly values = new Map<string, readonly string[]>();
  readonly unexported: string[] = [];

  constructor(call: Call, blocks: BlockReader) {
    this.call = call;
    this.blocks = blocks;
  }

  /** @throws {DirectiveError} If the key can't be one, or is there already. */
  define(key: string, values: readonly string[]): void {
    this.values.set(this.checkKey(key), values);
  }

  checkKey(key: string): string {
    if (key === "" || this.values.has(key)) {
      throw new DirectiveError("key", key === "" ? "it is empty" : `${key} is there already`);
    }
    return key;
  }

  /** The words that are left, with everything substituted. */
  finish(words: Words): LinkResult {
    for (const name of this.unexported) this.call.state.env.unset(name);
    const substituted = substitute(this.call.state, words, this.values);
    return substituted.length === 0 ? 0 : { words: substituted };
  }
}

/** Does its part and returns the words behind it. @throws {DirectiveError} @throws {UsageError} */
type Directive = (
  substitution: Substitution,
  given: GivenOptions,
  words: Words,
) => Words;

function transform(value: string, options: readonly ParsedOption[]): string[] {
  try {
    return transformValue(value, transformationOf(options));
  } catch (error) {
    if (error instanceof SyntaxError) throw new DirectiveError("failure", error.message);
    throw error;
  }
}

const define: Directive = (substitution, given, words) => {
  if (words.length < 2) throw new UsageError("a key and a value are needed");
  const [key, value] = [words.at(0)!, words.at(1)!];
  substitution.checkKey(key);
  substitution.define(key, transform(value, given.options));
  return words.slice(2);
};

const importas: Directive = (substitution, given, words) =>
  importVariable(substitution, given, words, given.flag("S") ? 1 : 2);

/** Before execline 2.2: the variable is called like the key. */
const oldImport: Directive = (substitution, given, words) =>
  importVariable(substitution, given, words, 1);

function importVariable(
  substitution: Substitution,
  given: GivenOptions,
  words: Words,
  taken: 1 | 2,
): Words {
  if (words.length < taken) throw new UsageError("a key and a variable are needed");
  const key = substitution.checkKey(words.at(0)!);
  const variable = words.at(taken - 1)!;
  const value = substitution.call.state.env.get(variable);
  if (value === undefined && given.flag("i")) {
    throw new LinkFailure(EXIT_USAGE, `${variable} not set`);
  }
  if (value !== undefined && given.flag("u")) substitution.unexported.push(variable);
  const actual = value ?? given.value("D");
  substitution.define(key, actual === undefined ? [] : transform(actual, given.options));
  return words.slice(taken);
}

const elglob: Directive = (substitution, given, words) => {
  if (words.length < 2) throw new UsageError("a key and a pattern are needed");
  const [key, pattern] = [words.at(0)!, words.at(1)!];
  substitution.checkKey(key);
  const flags = (given.flag("w") ? GLOB_ERR : 0) | (given.flag("s") ? 0 : GLOB_NOSORT) |
    (given.flag("m") ? GLOB_MARK : 0) |
    (given.flag("e") ? GLOB_NOESCAPE : 0) | (given.flag("0") ? 0 : GLOB_NOCHECK);
  const onUnreadable = (path: string, errno: number): void =>
    substitution.call.warn(`while globbing, error reading ${path}: ${strerror(errno)}`);
  const names = glob(pattern, flags, given.flag("v") ? onUnreadable : undefined);
  if (names === undefined) throw new DirectiveError("failure", "a directory can't be read");
  substitution.define(key, joined(names, given));
  return words.slice(2);
};

function joined(names: readonly string[], { flag, value }: GivenOptions): readonly string[] {
  const given = value("d");
  if (given === undefined) return names;
  if (given === "") return [names.map(netstring).join("")];
  const delimiter = fromBytes(toBytes(given).slice(0, 1));
  const text = names.map((name) => name + delimiter).join("");
  return [flag("n") ? text.slice(0, -1) : text];
}

const elgetpositionals: Directive = (substitution, given, words) => {
  const { call } = substitution;
  const minimum = given.options.reduce(
    (_, { value }) => parseNumber("number of arguments", value),
    0,
  );
  const count = parseUint(call.state.env.get("#") ?? "");
  if (count === undefined) throw new DirectiveError("key", "# is not set to a number");
  checkCount(call, count, minimum);
  const position = (i: number): string => {
    const value = i <= count ? call.state.env.get(String(i)) : "";
    if (value === undefined) throw new DirectiveError("key", `${i} is not set`);
    return value;
  };
  const values = Array.from({ length: Math.max(count, minimum) + 1 }, (_, i) => position(i));
  substitution.define("#", [call.state.env.get("#")!]);
  values.forEach((value, i) => substitution.define(String(i), [value]));
  substitution.define("@", values.slice(1, count + 1));
  return words;
};

function checkCount(call: Call, count: number, minimum: number): void {
  const strict = count < minimum ? strictness(call.state) : 0;
  const text = `too few arguments: expected at least ${minimum} but got ${count}`;
  if (strict > 1) throw new LinkFailure(EXIT_USAGE, text);
  if (strict === 1) call.warn(text);
}

const multidefine: Directive = (substitution, given, words) => {
  if (words.length < 2) throw new UsageError("a value and a block of variables are needed");
  if (words.at(1) === "") throw new DirectiveError("empty block", "");
  const taken = substitution.blocks.tryTake(words.slice(1));
  if (taken === undefined) throw new UsageError("the block of variables has no end");
  const pairs = multidefineOrFail(words.first!, taken.block.texts, given);
  for (const [name, values] of pairs) substitution.define(name, values);
  return taken.rest;
};

function multidefineOrFail(
  value: string,
  names: readonly string[],
  { options, flag }: GivenOptions,
): ReturnType<typeof multidefineValues> {
  const transformation = transformationOf(options, { split: true });
  try {
    return multidefineValues(value, names, {
      zeroWords: flag("0"),
      likeRead: flag("r"),
      transformation,
    });
  } catch (error) {
    if (error instanceof SyntaxError) throw new DirectiveError("failure", error.message);
    throw error;
  }
}

const DIRECTIVES = {
  define,
  import: oldImport,
  importas,
  elglob,
  elgetpositionals,
  multidefine,
} satisfies Readonly<Record<string, Directive>>;
type DirectiveName = keyof typeof DIRECTIVES;

/** The link that is one directive. */
export function substitutionLink(name: DirectiveName): Link {
  return {
    nature: "state",
    run(call): LinkResult {
      const substitution = new Substitution(call, new BlockReader(call));
      try {
        return substitution.finish(DIRECTIVES[name](substitution, call, call.words));
      } catch (error) {
        if (!(error instanceof DirectiveError)) throw error;
        if (error.kind === "empty block") throw new LinkFailure(EXIT_USAGE, "empty block");
        throw new LinkFailure(
          EXIT_SYSTEM,
          error.kind === "key"
            ? `bad substitution key: ${error.message}`
            : `unable to complete: ${error.message}`,
        );
      }
    },
  };
}

/** multisubstitute { directives } prog... */
export const multisubstitute: Link = {
  nature: "state",
  allOperands: true,
  run(call): LinkResult {
    if (call.words.length === 0) throw new UsageError("a block of directives is needed");
    const blocks = new BlockReader(call);
    const { block, rest } = blocks.take(call.words);
    if (rest.length === 0) throw new UsageError("a program is needed");
    const substitution = new Substitution(call, blocks);
    for (let words = block; words.length > 0;) words = runDirective(substitution, words);
    return substitution.finish(rest);
  },
};

function runDirective(substitution: Substitution, words: Words): Words {
  const name = words.first!;
  if (!Object.hasOwn(DIRECTIVES, name)) {
    throw new LinkFailure(EXIT_USAGE, `syntax error: unrecognized directive ${name}`);
  }
  try {
    const args = words.slice(1);
    const specs: readonly OptionSpec[] = SUBSTITUTION_OPTIONS[name as DirectiveName];
    const { options, operandsAt } = parseOptions(args, specs);
    return DIRECTIVES[name as DirectiveName](
      substitution,
      viewOf(specs, options),
      args.slice(operandsAt),
    );
  } catch (error) {
    if (error instanceof UsageError) {
      throw new LinkFailure(EXIT_USAGE, `syntax error at directive ${name}: ${error.message}`);
    }
    if (!(error instanceof DirectiveError)) throw error;
    if (error.kind === "key") {
      throw new LinkFailure(EXIT_USAGE, `wrong key for directive ${name}: ${error.message}`);
    }
    throw new LinkFailure(
      EXIT_SYSTEM,
      `unable to run directive ${name}: ${
        error.kind === "failure" ? error.message : "empty block"
      }`,
    );
  }
}
