/**
 * shift, runblock, elgetopt: the positional parameters. Source: execline, doc/shift.html and the
 * pages of the others.
 */
import { EXIT_USAGE } from "../core/cli/exit_codes.ts";
import type { Change } from "./core/chain_environment.ts";
import { UsageError } from "../core/cli/getopt.ts";
import { letterOptions } from "./core/getopt_string.ts";
import { Words } from "./core/words.ts";
import { needWords, parseNumber, positionalCount, requireVariable } from "./arguments.ts";
import { POSITIONAL_STARTS } from "./execlineb.ts";
import { type Call, goOn, type Link, type LinkResult } from "./link.ts";
import { LinkFailure } from "./link_failure.ts";
import { strictness } from "./strictness.ts";

const ELGETOPT = "ELGETOPT_";
const EXIT_WRONG_OPTIONS = 1;

/** Reads positional parameters one after the other, as blocks. */
class Positionals {
  readonly #call: Call;
  readonly count: number;
  /** The last one that has been read. */
  at = 0;

  constructor(call: Call) {
    this.#call = call;
    this.count = positionalCount(call);
  }

  /**
   * The words of a block, without their spaces; `number` and `first` say what a complaint calls it.
   */
  readBlock(number: number, tooFew: (position: number) => string): string[] {
    const base = this.at;
    const words: string[] = [];
    for (;;) {
      this.at += 1;
      if (this.at > this.count) throw new LinkFailure(EXIT_USAGE, tooFew(this.at));
      const word = requireVariable(this.#call, String(this.at));
      if (word === "") return words;
      if (!word.startsWith(" ")) {
        this.#complain(`unquoted positional ${word} at block ${number} position ${this.at - base}`);
      }
      words.push(word.startsWith(" ") ? word.slice(1) : word);
    }
  }

  #complain(text: string): void {
    const strict = strictness(this.#call.state);
    if (strict > 1) throw new LinkFailure(EXIT_USAGE, text);
    if (strict === 1) this.#call.warn(text);
  }
}

/** shift [ -n arg# ] [ -b block# ] prog... */
export const shift: Link = {
  nature: "state",
  run(call): LinkResult {
    const { state, value, options, words } = call;
    needWords(words, 1, "a program is");
    for (const { value } of options) parseNumber("number", value);
    const blocks = Number(value("b") ?? "0");
    const wanted = Number(value("n") ?? (options.length === 0 ? "1" : "0"));
    const positionals = new Positionals(call);
    const { count } = positionals;
    if (wanted > count) complainTooFew(call, `unable to shift ${wanted} arguments: got ${count}`);
    positionals.at = Math.min(wanted, count);
    for (let block = 0; block < blocks; block++) {
      positionals.readBlock(
        block,
        (position) => `unable to shift block ${block}: too few arguments (${position})`,
      );
    }
    const shifted = positionals.at;
    const left = count - shifted;
    const changes: Change[] = [["#", String(left)]];
    for (let i = 1; i <= count; i++) {
      changes.push([String(i), i <= left ? state.env.get(String(i + shifted)) : undefined]);
    }
    state.env.change(changes);
    return goOn(words);
  },
};

function complainTooFew(call: Call, text: string): void {
  const strict = strictness(call.state);
  if (strict > 1) throw new LinkFailure(EXIT_USAGE, text);
  if (strict === 1) call.warn(text);
}

/** runblock [ -P ] [ -n argshift ] [ -r ] n cmd... */
export const runblock: Link = {
  nature: "state",
  run(call): LinkResult {
    const { state, flag, options, words } = call;
    const shifted = options.reduce(
      (sum, { name, value }) => name === "n" ? parseNumber("number of arguments", value) : sum,
      0,
    );
    const rest = flag("r");
    const number = parseNumber("number of the block", words.first);
    if (number === 0 && !rest) throw new UsageError("blocks count from 1");
    const positionals = new Positionals(call);
    positionals.at = shifted;
    const tooFew = (): string => "too few arguments";
    for (let i = 1; i < number + (rest ? 1 : 0); i++) positionals.readBlock(i, tooFew);
    const found = rest ? remainder(call, positionals) : positionals.readBlock(number, tooFew);
    if (found === undefined) return 0;
    if (!flag("P")) state.env = state.env.pop(POSITIONAL_STARTS);
    return goOn(words.slice(1).followedBy(new Words(found)));
  },
};

/** All that follows the blocks; undefined if that is nothing. */
function remainder(call: Call, positionals: Positionals): string[] | undefined {
  const { at, count } = positionals;
  if (at >= count) return undefined;
  return Array.from({ length: count - at }, (_, i) => requireVariable(call, String(at + 1 + i)));
}

/** elgetopt [ -D default ] optstring prog... */
export const elgetopt: Link = {
  nature: "state",
  run(call): LinkResult {
    const { state, value, words } = call;
    needWords(words, 2, "the options and a program are");
    const count = positionalCount(call);
    const args = Array.from({ length: count + 1 }, (_, i) => requireVariable(call, String(i)));
    const parsed = letterOptions(args.slice(1), words.first!);
    if (parsed.problem !== undefined) {
      call.say(
        `${args[0]}: ${
          parsed.problem === "unknown" ? "illegal option" : "option requires an argument"
        }`,
      );
      if (!parsed.options.some(({ letter }) => letter === ":")) return EXIT_WRONG_OPTIONS;
    }
    const fallback = value("D") ?? "1";
    const changes: Change[] = parsed.options.map((
      { letter, value },
    ): Change => [ELGETOPT + letter, value ?? fallback]);
    for (let i = 0; i < count; i++) changes.push([String(i + 1), parsed.operands[i]]);
    changes.push(["#", String(parsed.operands.length)]);
    state.env = state.env.push([ELGETOPT]);
    state.env.change(changes);
    return goOn(words.slice(1));
  },
};
