/**
 * A fuzzer plays rounds until its time is over. A round is made from one number, its seed, and its
 * input is the same whenever that seed is played; what processes do in between need not be.
 *
 * What a round throws is told with the seed, the step, and the command that plays that round again.
 */
import type { Toolset } from "../fixture/toolset.ts";
import { Dice } from "./dice.ts";

/** What a round is played with. */
export interface Round {
  readonly seed: number;
  readonly dice: Dice;
  /** The programs that are tested. */
  readonly ours: Toolset;
  /** Told before each step; a failure names the last one. */
  step(what: string): void;
}

export interface Fuzzer {
  readonly name: string;
  /** The file that registers it, as a path in the repository. */
  readonly file: string;
  /** @throws {Error} If an invariant does not hold. */
  play(round: Round): Promise<void>;
}

export interface Play {
  readonly ours: Toolset;
  /** The seed of the first round; each that follows has the next number. */
  readonly seed: number;
  /** How many rounds at most. The first is always played. */
  readonly rounds: number;
  /** No round begins later than this. */
  readonly limitMs: number;
}

export interface Played {
  readonly rounds: number;
  readonly steps: number;
}

const SHOWN_STEPS = 12;

export class FuzzFailure extends Error {
  override readonly name = "FuzzFailure";

  constructor({ name, file }: Fuzzer, seed: number, steps: readonly string[], cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const shown = steps.slice(-SHOWN_STEPS).map((step, index) => {
      return `  ${Math.max(0, steps.length - SHOWN_STEPS) + index + 1}. ${step}`;
    });
    super(
      [
        `${name}: seed ${seed}, step ${steps.length}: ${reason}`,
        `again: deno task test:fuzz --seed ${seed} ${file}`,
        "the steps before it:",
        ...shown,
      ].join("\n"),
      { cause },
    );
  }
}

/** @throws {FuzzFailure} At the first round in which an invariant does not hold. */
export async function play(fuzzer: Fuzzer, { ours, seed, rounds, limitMs }: Play): Promise<Played> {
  const end = performance.now() + limitMs;
  let played = 0;
  let stepCount = 0;
  do {
    const own = seed + played;
    const steps: string[] = [];
    const step = (what: string): void => void steps.push(what);
    try {
      await fuzzer.play({ seed: own, dice: new Dice(own), ours, step });
    } catch (error) {
      throw new FuzzFailure(fuzzer, own, steps, error);
    }
    played++;
    stepCount += steps.length;
  } while (played < rounds && performance.now() < end);
  return { rounds: played, steps: stepCount };
}
