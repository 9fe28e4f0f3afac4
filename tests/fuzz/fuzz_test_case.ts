/** Registers fuzzers as tests: as they are, and on programs in which a fault has been planted. */
import { assertGreater, assertRejects, assertStringIncludes } from "@std/assert";
import { type FuzzPlan, planOf } from "../../tools/test/fuzz_plan.ts";
import { OURS, requireToolset, type Toolset } from "../fixture/toolset.ts";
import { type Fuzzer, FuzzFailure, play } from "./fuzzer.ts";

const MS_PER_SECOND = 1000;

/** Plays for as long as the test command says. */
export function fuzzTest(fuzzer: Fuzzer): void {
  Deno.test(`fuzz: ${fuzzer.name}`, async () => {
    requireToolset(OURS);
    const { seed, rounds, seconds }: FuzzPlan = planOf(Deno.args);
    console.error(`fuzz: ${fuzzer.name}: from seed ${seed}`);
    const played = await play(fuzzer, {
      ours: OURS,
      seed,
      rounds,
      limitMs: seconds * MS_PER_SECOND,
    });
    assertGreater(played.steps, 0, "a fuzzer that takes no step finds nothing");
    console.error(`fuzz: ${fuzzer.name}: ${played.rounds} rounds, ${played.steps} steps`);
  });
}

export interface Planted {
  /** The fault, for the test's name. */
  readonly what: string;
  /** Makes the programs with the fault in them. */
  readonly plant: () => Toolset & Disposable;
  /** What the fuzzer has to say. */
  readonly says: RegExp;
}

/** More rounds than any planted fault needs to be met. */
const MOST_ROUNDS = 40;
const PLANTED_SEED = 1;

/** Shows that the fuzzer can fail. */
export function findsTest(fuzzer: Fuzzer, { what, plant, says }: Planted): void {
  Deno.test(`fuzz: ${fuzzer.name}: finds ${what}`, async () => {
    requireToolset(OURS);
    using ours = plant();
    const plan = { ours, seed: PLANTED_SEED, rounds: MOST_ROUNDS, limitMs: Infinity };
    const { message } = await assertRejects(() => play(fuzzer, plan), FuzzFailure);
    const seed = /: seed (\d+), step (\d+): /.exec(message)?.[1];
    assertStringIncludes(message, `again: deno task test:fuzz --seed ${seed} ${fuzzer.file}\n`);
    if (!says.test(message)) throw new Error(`it found something else: ${message}`);
  });
}
