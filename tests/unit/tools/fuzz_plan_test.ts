import { assertEquals, assertThrows } from "@std/assert";
import { Fatal } from "../../../tools/fatal.ts";
import { FUZZ_SECONDS, fuzzWords, planOf } from "../../../tools/test/fuzz_plan.ts";

const FRESH = 77;
const MANY = Number.MAX_SAFE_INTEGER;

// deno-fmt-ignore
const WORDS: readonly (readonly [words: string, plan: readonly [seed: number, rounds: number, seconds: number], paths?: readonly string[]])[] = [
  ["", [FRESH, MANY, FUZZ_SECONDS]],
  ["tests/fuzz/x_test.ts", [FRESH, MANY, FUZZ_SECONDS], ["tests/fuzz/x_test.ts"]],
  ["--seed 12", [12, 1, FUZZ_SECONDS]],
  ["--seed=12 a b", [12, 1, FUZZ_SECONDS], ["a", "b"]],
  ["--minutes 2", [FRESH, MANY, 120]],
  ["a --minutes=0.5 --seed 3 b", [3, MANY, 30], ["a", "b"]],
];

for (const [words, [seed, rounds, seconds], paths = []] of WORDS) {
  Deno.test(`fuzzWords(${words}), read back by planOf()`, () => {
    const told = fuzzWords(words.split(" ").filter((word) => word !== ""), FRESH);
    assertEquals(told.paths, paths);
    assertEquals(planOf(told.args), { seed, rounds, seconds });
  });
}

for (
  const words of [
    "--seed",
    "--seed x",
    "--seed=-1",
    "--seed=",
    "--minutes 0",
    "--minutes 1e9",
    "--sed 1",
    "-s",
  ]
) {
  const isOption = words.startsWith("--");
  Deno.test(`fuzzWords(${words}): ${isOption ? "refused with the option's name" : "a path"}`, () => {
    if (!isOption) return assertEquals(fuzzWords([words], FRESH).paths, [words]);
    assertThrows(() => fuzzWords(words.split(" "), FRESH), Fatal, words.split(/[ =]/)[0]!);
  });
}

Deno.test("planOf() no arguments: the first seed and the usual time", () => {
  assertEquals(planOf([]), { seed: 1, rounds: MANY, seconds: FUZZ_SECONDS });
});
