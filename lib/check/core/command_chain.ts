/**
 * The program at the end of a command line, and what the programs before it say of it: `exec
 * s6-setuidgid www s6-envdir ./env nginx -g ...` is nginx, as www. Links of execline and s6 are
 * known by their tables; wrappers of a shell by the table here. Pure.
 */
import { CHAIN_SHAPES } from "../../execline/core/chain_shape.ts";
import { leadingBlock } from "../../execline/core/el_semicolon.ts";
import {
  type ParsedOption,
  parseOptions,
  type PlacedOption,
  scanOptions,
  UsageError,
} from "../../core/cli/getopt.ts";
import { specsOfLetters, STRANGERS_MANNER } from "../../core/cli/manners.ts";
import { baseName } from "../../core/text/path_name.ts";
import type { KnownCommands } from "./script_check.ts";

/** A word of which it is known whether it is what it says. */
export interface ChainWord {
  readonly text: string;
  readonly literal: boolean;
}

export interface ChainEnd {
  /** The program and its arguments; none if the chain ends without one, or can't be followed. */
  readonly program: readonly ChainWord[];
  /** As s6-setuidgid and its like name it; undefined: that of the supervisor, or not known. */
  readonly user?: string;
  /** What s6-setuidgid does not take for a user, such as a name with a group's. */
  readonly refusedUser?: string;
  /** Users (`USER`) and groups (`:GROUP`) that s6-envuidgid looks up. */
  readonly accounts?: readonly string[];
  /** A user is named that only the script knows. */
  readonly userUnknown: boolean;
  /** Directories that s6-envdir reads, and whether it insists. */
  readonly envdirs: readonly string[];
  /** Of s6-notifyoncheck. */
  readonly notifies?: { readonly ownDescriptor: boolean; readonly ownCheck: boolean };
  /** A literal PATH, if something on the way sets it; "" if it is set to what is not known. */
  readonly path?: string;
}

interface Wrapper {
  /** Letters of options; a colon behind one: it has a value. */
  readonly letters: string;
  readonly operands: number;
  /** Which operand, or which option's value, is a user. */
  readonly user?: number | string;
  readonly envdir?: number | string;
  /** Long options may stand there; those with a value in the next word. */
  readonly longValues?: readonly string[];
}

const NONE: Wrapper = { letters: "", operands: 0 };

/** Programs that become another program. */
// deno-fmt-ignore
const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  exec: { letters: "a:cl", operands: 0 }, command: { letters: "p", operands: 0 }, builtin: NONE, nohup: NONE, env: { letters: "iu:C:", operands: 0 },
  nice: { letters: "n:", operands: 0 }, ionice: { letters: "c:n:p:t", operands: 0 }, setsid: { letters: "cfw", operands: 0 },
  stdbuf: { letters: "o:e:i:", operands: 0 }, timeout: { letters: "s:k:v", operands: 1 }, sudo: { letters: "u:g:EHnS", operands: 0, user: "u" },
  "su-exec": { letters: "", operands: 1, user: 0 }, gosu: { letters: "", operands: 1, user: 0 }, setuidgid: { letters: "", operands: 1, user: 0 },
  chpst: { letters: "u:U:b:e:/:n:l:L:m:d:o:p:f:c:r:t:vP012", operands: 0, user: "u", envdir: "e" }, envuidgid: { letters: "", operands: 1 },
  envdir: { letters: "", operands: 1, envdir: 0 }, softlimit: { letters: "m:d:s:l:a:o:p:f:c:r:t:", operands: 0 }, setlock: { letters: "nNxX", operands: 1 },
  pgrphack: NONE, runuser: { letters: "u:g:", operands: 0, user: "u" }, tini: { letters: "gsve:p:w", operands: 0 }, "dumb-init": { letters: "csv", operands: 0 },
  catatonit: { letters: "gP", operands: 0 }, chroot: { letters: "", operands: 1 }, unbuffer: NONE,
  "s6-notifyoncheck": { letters: "d3:s:T:t:w:n:c:", operands: 0 }, "with-retries": { letters: "n:t:", operands: 0 }, "s6-fghack": NONE,
};

const LONGEST_CHAIN = 100;

/** Follows a chain to its end. */
export function chainEnd(words: readonly ChainWord[], known: KnownCommands): ChainEnd {
  const facts: { -readonly [Key in keyof ChainEnd]: ChainEnd[Key] } & { envdirs: string[] } = {
    program: [],
    userUnknown: false,
    envdirs: [],
  };
  const nobody = { ...facts, program: [] };
  let rest = words;
  for (let links = 0; links < LONGEST_CHAIN; links++) {
    while (rest.length > 0 && /^[A-Za-z_][A-Za-z0-9_]*=/.test(rest[0]!.text)) {
      if (rest[0]!.text.startsWith("PATH=")) {
        facts.path = rest[0]!.literal ? rest[0]!.text.slice(5) : "";
      }
      rest = rest.slice(1);
    }
    const first = rest[0];
    if (first === undefined) return nobody;
    if (!first.literal) return facts.userUnknown ? { ...facts, program: [] } : nobody;
    const name = baseName(first.text);
    const next = name === "hexad" && rest[1]?.text === "env"
      ? behindHexadEnv(rest.slice(2))
      : Object.hasOwn(CHAIN_SHAPES, name)
      ? behindLink(name, rest.slice(1), known, facts)
      : Object.hasOwn(WRAPPERS, name)
      ? behindWrapper(name, WRAPPERS[name]!, rest.slice(1), facts)
      : undefined;
    if (next === undefined) return { ...facts, program: rest };
    if (next === "lost") return nobody;
    rest = next;
  }
  return nobody;
}

/** `hexad env` ends its options with `--`. */
function behindHexadEnv(words: readonly ChainWord[]): readonly ChainWord[] | "lost" {
  const end = words.findIndex(({ text }) => text === "--");
  return end < 0 ? "lost" : words.slice(end + 1);
}

type Facts = { -readonly [Key in keyof ChainEnd]: ChainEnd[Key] } & { envdirs: string[] };

function setUser(facts: Facts, word: ChainWord | undefined): void {
  if (word === undefined) return;
  if (word.literal) facts.user = word.text;
  else facts.userUnknown = true;
}

/** It takes a name, or two numbers. */
function setSetuidgidUser(facts: Facts, word: ChainWord): void {
  if (
    word.literal && word.text !== "" && /:|^\d+$/.test(word.text) && !/^\d+:\d+$/.test(word.text)
  ) {
    facts.refusedUser = word.text;
    facts.userUnknown = true;
  } else setUser(facts, word);
}

function noteAccounts(
  facts: Facts,
  { text, literal }: ChainWord,
  given: readonly ParsedOption[],
): void {
  const has = (letter: string): boolean => given.some(({ name }) => name === letter);
  if (!literal || has("D") || has("n") || has("N")) return;
  const colon = has("B") ? text.indexOf(":") : -1;
  const names = has("g")
    ? [`:${text}`]
    : colon < 0
    ? [text]
    : [text.slice(0, colon), text.slice(colon)];
  facts.accounts = [...facts.accounts ?? [], ...names.filter((one) => one !== "" && one !== ":")];
}

function behindLink(
  name: string,
  words: readonly ChainWord[],
  known: KnownCommands,
  facts: Facts,
): readonly ChainWord[] | "lost" {
  const shape = CHAIN_SHAPES[name]!;
  if (shape.next === "none") return "lost";
  const options = known.options(name);
  let rest = words;
  let given: readonly ParsedOption[] = [];
  if (options !== undefined) {
    try {
      const parsed = parseOptions({ at: (index) => words[index]?.text }, options);
      given = parsed.options;
      rest = words.slice(parsed.operandsAt);
    } catch (error) {
      if (error instanceof UsageError) return "lost"; // its checker says so
      throw error;
    }
  }
  const taken: ChainWord[] = [];
  for (const part of shape.parts) {
    if (part === "word") {
      if (rest.length === 0) return "lost";
      taken.push(rest[0]!);
      rest = rest.slice(1);
    } else {
      const from = rest;
      const found = leadingBlock({ at: (index) => from[index]?.text });
      if (found === undefined) return "lost";
      rest = rest.slice(found.block.length + 1);
    }
  }
  if (name === "s6-setuidgid") setSetuidgidUser(facts, taken[0]!);
  if (name === "s6-envuidgid") noteAccounts(facts, taken[0]!, given);
  if (name === "s6-applyuidgid" && !given.some(({ name: option }) => option === "U")) {
    const uid = given.find(({ name: option }) => option === "u");
    if (uid !== undefined) facts.userUnknown = true;
  }
  if (name === "s6-applyuidgid" && given.some(({ name: option }) => option === "U")) {
    facts.userUnknown = true;
  }
  if (
    name === "s6-envdir" && taken[0]!.literal && !given.some(({ name: option }) => option === "I")
  ) facts.envdirs.push(taken[0]!.text);
  if (name === "export" && taken[0]!.text === "PATH") {
    facts.path = taken[1]!.literal ? taken[1]!.text : "";
  }
  // relative names are not followed from there
  if (name === "cd" || name === "execline-cd") facts.path = "";
  return rest;
}

function behindWrapper(
  name: string,
  wrapper: Wrapper,
  words: readonly ChainWord[],
  facts: Facts,
): readonly ChainWord[] | "lost" {
  const options: PlacedOption[] = [];
  const { operandsAt } = scanOptions(
    { at: (index) => words[index]?.text },
    specsOfLetters(wrapper.letters),
    STRANGERS_MANNER,
    (met) => options.push(met),
  );
  const value = (which: number | string | undefined): ChainWord | undefined => {
    if (which === undefined) return undefined;
    if (typeof which === "number") return words[operandsAt + which];
    const option = options.find(({ name }) => name === which);
    return option === undefined
      ? undefined
      : { text: option.value, literal: words[option.at]?.literal ?? false };
  };
  setUser(facts, value(wrapper.user));
  const envdir = value(wrapper.envdir);
  if (envdir?.literal) facts.envdirs.push(envdir.text);
  if (name === "s6-notifyoncheck") {
    const has = (letter: string): boolean => options.some(({ name }) => name === letter);
    facts.notifies = { ownDescriptor: has("3"), ownCheck: has("c") };
  }
  return words.slice(operandsAt + wrapper.operands);
}
