/**
 * execlineb: the interpreter. It reads the script, and that is all; the chain runs it. Source:
 * execline, doc/execlineb.html, execlineb.c.
 */
import { EXIT_USAGE } from "../core/cli/exit_codes.ts";
import type { ChainEnvironment, Change } from "./core/chain_environment.ts";
import { parseUint } from "../core/linux/config_file.ts";
import { parseScript, ScriptError } from "./core/execline_script.ts";
import { UsageError } from "../core/cli/getopt.ts";
import { encodePath } from "../core/text/path_bytes.ts";
import { placeText, type Words } from "./core/words.ts";
import { parseNumber } from "./arguments.ts";
import type { Call, Link, LinkResult } from "./link.ts";
import { LinkFailure } from "./link_failure.ts";
import { readScript } from "./script_file.ts";
import { substitute } from "./substituted.ts";

const STRICT = "EXECLINE_STRICT";

/** The variables of positional parameters begin with these. */
export const POSITIONAL_STARTS: readonly string[] = [
  "0",
  "1",
  "2",
  "3",
  "4",
  "5",
  "6",
  "7",
  "8",
  "9",
  "#",
];

export const execlineb: Link = {
  nature: "state",
  run(call): LinkResult {
    const { value, last } = call;
    const minimum = checkedMinimum(call);
    const line = value("c");
    if (line === undefined && call.words.first === undefined) {
      throw new UsageError("a script, or a command line after -c, is needed");
    }
    const name = line === undefined ? call.words.first! : call.argv0;
    const args = line === undefined ? call.words.texts.slice(1) : call.words.texts;
    const script = parse(
      line === undefined ? readScript(call.state, name) : encodePath(line),
      line === undefined ? name : "-c",
    );
    if (script.length === 0) return 0;

    const changes: Change[] = [];
    const strict = strictnessOption(call, changes);
    const mode = last("p", "P", "s", "S");
    if (mode === "s" || mode === "S") {
      checkCount(call, strict, { minimum, count: args.length });
      const words = substitute(
        call.state,
        script,
        positionals(args, { name, minimum, shift: mode === "s" }),
      );
      return words.length === 0 ? 0 : { words, env: changed(call.state.env.copy(), changes) };
    }
    if (mode !== "P") {
      changes.push(
        ["#", String(args.length)],
        ["0", name],
        ...args.map((arg, i): Change => [String(i + 1), arg]),
      );
    }
    return {
      words: script,
      env: changed(
        mode === undefined ? call.state.env.push(POSITIONAL_STARTS) : call.state.env.copy(),
        changes,
      ),
    };
  },
};

/** @throws {LinkFailure} If it is no script; the message says where it stops to be one. */
function parse(bytes: Uint8Array, file: string): Words {
  try {
    return parseScript(bytes, file);
  } catch (error) {
    if (error instanceof ScriptError) {
      throw new LinkFailure(EXIT_USAGE, `${error.message} at ${placeText(error.place)}`);
    }
    throw error;
  }
}

function changed(env: ChainEnvironment, changes: readonly Change[]): ChainEnvironment {
  env.change(changes);
  return env;
}

/** The number after the last -s or -S, though all of them must be numbers. */
function checkedMinimum({ options }: Call): number {
  let minimum = 0;
  for (const { name, value } of options) {
    if (name === "s" || name === "S") minimum = parseNumber("number of arguments", value);
  }
  return minimum;
}

/**
 * What -q, -w or -W says, or else EXECLINE_STRICT; -1: nothing. Notes the change that this makes.
 */
function strictnessOption(call: Call, changes: Change[]): number {
  const option = call.last("q", "w", "W");
  if (option !== undefined) {
    const strict = { q: 0, w: 1, W: 2 }[option];
    changes.push([STRICT, strict === 0 ? undefined : String(strict)]);
    return strict;
  }
  const inherited = call.state.env.get(STRICT);
  if (inherited === undefined) return -1;
  const strict = parseUint(inherited);
  if (strict !== undefined) return strict;
  call.warn(`invalid ${STRICT} value, unsetting it`);
  changes.push([STRICT, undefined]);
  return -1;
}

/** @throws {LinkFailure} If there are too few arguments, and that is an error. */
function checkCount(
  call: Call,
  strict: number,
  { minimum, count }: { readonly minimum: number; readonly count: number },
): void {
  if (strict === 0 || count >= minimum) return;
  const text = `too few arguments: expecting at least ${minimum} but got ${count}`;
  if (strict > 1) throw new LinkFailure(EXIT_USAGE, text);
  call.warn(text);
}

/**
 * `$0`, `$1` and so on up to at least the minimum, `$#` and `$@`. With `shift`, `$@` begins after
 * the minimum.
 */
function positionals(
  args: readonly string[],
  { name, minimum, shift }: {
    readonly name: string;
    readonly minimum: number;
    readonly shift: boolean;
  },
): Map<string, readonly string[]> {
  const values = new Map<string, readonly string[]>([["#", [String(args.length)]], ["0", [name]], [
    "@",
    shift ? args.slice(minimum) : args,
  ]]);
  for (let i = 0; i < Math.max(args.length, minimum); i++) {
    values.set(String(i + 1), [args[i] ?? ""]);
  }
  return values;
}
