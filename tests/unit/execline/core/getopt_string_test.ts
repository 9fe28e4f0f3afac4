import { assertEquals } from "@std/assert";
import { letterOptions } from "../../../../lib/execline/core/getopt_string.ts";

/** `a=value`, the operands behind a bar, a problem in front. */
function shown(words: string, optstring: string): string {
  const { options, operands, problem } = letterOptions(
    words === "" ? [] : words.split(" "),
    optstring,
  );
  const texts = options.map(({ letter, value }) =>
    value === undefined ? letter : `${letter}=${value}`
  );
  return `${problem === undefined ? "" : `${problem}: `}${texts.join(" ")}|${operands.join(" ")}`;
}

const CASES: readonly (readonly [words: string, optstring: string, result: string])[] = [
  ["", "ab", "|"],
  ["-a x", "ab", "a|x"],
  ["-ab", "ab", "a b|"],
  ["-c1 -c 2 x", "c:", "c=1 c=2|x"],
  ["-acx y", "ac:", "a c=x|y"],
  ["-a -- -b", "ab", "a|-b"],
  ["-a - -b", "ab", "a|- -b"],
  ["-a x -b", "ab", "a|x -b"],
  ["-z", "ab", "unknown: |-z"],
  ["--long", "ab", "unknown: |--long"],
  ["-a -c", "ac:", "no value: a|"],
  ["-a -c", ":ac:", "no value: a :|"],
  ["-:", "a:b", "unknown: |-:"],
];

Deno.test("letterOptions()", () => {
  for (const [words, optstring, result] of CASES.filter(([words]) => words !== "-é")) {
    assertEquals([words, optstring, shown(words, optstring)], [words, optstring, result]);
  }
});

Deno.test("letterOptions(): letters are bytes", () => {
  assertEquals(letterOptions(["-é"], "é").options.map(({ letter }) => letter), [
    "\udcc3",
    "\udca9",
  ]);
});
