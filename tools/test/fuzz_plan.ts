/**
 * The options of the fuzzer tier: where its seeds begin and how long it runs. `deno task test:fuzz
 * [--seed N] [--minutes N] [PATH...]`
 *
 * `--seed N` alone runs the one round of that seed; with `--minutes` it continues from there. Pure.
 */
import { Fatal } from "../fatal.ts";

/** The default for each fuzzer. */
export const FUZZ_SECONDS = 30;

/** The most fuzzers that run one after the other on a machine with one processor. */
const MOST_FUZZERS = 10;
const SECONDS_PER_MINUTE = 60;
const MOST_MINUTES = 60 * 24 * 7;
/** Seeds have nine digits, because people read and type them. */
export const SEED_END = 1_000_000_000;

export interface FuzzPlan {
  readonly seed: number;
  /** The most rounds of each fuzzer. */
  readonly rounds: number;
  /** The time of each fuzzer. */
  readonly seconds: number;
}

export interface FuzzWords {
  /** The arguments of the tests: `SEED ROUNDS SECONDS`. */
  readonly args: readonly string[];
  readonly paths: readonly string[];
  /** The extra time that the whole tier may take. */
  readonly moreMinutes: number;
}

function numberOf(option: string, text: string | undefined, most: number): number {
  const value = text === undefined || !/^\d+(\.\d+)?$/.test(text) ? NaN : Number(text);
  if (value <= most && value > 0) return value;
  throw new Fatal(`${option} needs a number from 1 to ${most}, not ${text ?? "nothing"}`);
}

/**
 * @param freshSeed The first seed if the words do not give one
 * @throws {Fatal} If there is an unknown option, or its value is not a number.
 */
export function fuzzWords(words: readonly string[], freshSeed: number): FuzzWords {
  let seed: number | undefined;
  let minutes: number | undefined;
  const paths: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const [, option = "", joined] = /^(--[^=]*)(?:=(.*))?$/s.exec(words[at]!) ?? [];
    if (option === "") paths.push(words[at]!);
    else if (option === "--seed") {
      seed = Math.floor(numberOf(option, joined ?? words[++at], SEED_END));
    } else if (option === "--minutes") {
      minutes = numberOf(option, joined ?? words[++at], MOST_MINUTES);
    } else throw new Fatal(`unknown option: ${option}; there are --seed N and --minutes N`);
  }
  const seconds = minutes === undefined ? FUZZ_SECONDS : minutes * SECONDS_PER_MINUTE;
  const rounds = seed !== undefined && minutes === undefined ? 1 : Number.MAX_SAFE_INTEGER;
  return {
    args: [seed ?? freshSeed, rounds, seconds].map(String),
    paths,
    moreMinutes: (minutes ?? 0) * MOST_FUZZERS,
  };
}

/**
 * The plan in a test's arguments. Without arguments, as in `deno test FILE`: the first seed and the
 * default time.
 */
export function planOf(args: readonly string[]): FuzzPlan {
  const [seed = 1, rounds = Number.MAX_SAFE_INTEGER, seconds = FUZZ_SECONDS] = args.map(Number);
  return { seed, rounds, seconds };
}
