/** How far children are from the process that must outlive them. */
import { assertEquals } from "@std/assert";
import {
  parseOomScoreAdj,
  parseScoresWord,
  scoresFor,
  scoresWord,
} from "../../../../lib/core/linux/oom_score_adj.ts";

const MIB = 1024 * 1024;

for (
  const [what, given, bytes, lowered, raised] of [
    ["512 MB", 0, 512 * MIB, [-125, 0], [0, 125]],
    ["512 MB and 300 from the engine", 300, 512 * MIB, [175, 300], [300, 425]],
    ["64 MB: never -1000", 0, 64 * MIB, [-999, 0], [0, 1000]],
    ["less than we need", 0, 16 * MIB, [-999, 0], [0, 1000]],
    ["a machine of 24 GB", 0, 24_000 * MIB, [-3, 0], [0, 3]],
    ["a machine of a terabyte: never nothing", 0, 2 ** 40, [-1, 0], [0, 1]],
    ["the highest from the engine", 1000, 512 * MIB, [875, 1000], [1000, 1000]],
    ["the lowest from the engine, which nobody changes", -1000, 512 * MIB, [-1000, -1000], [
      -1000,
      -875,
    ]],
  ] as const
) {
  Deno.test(`scoresFor(), ${what}`, () => {
    const scores = scoresFor(given, bytes);
    assertEquals([[scores.lowered.own, scores.lowered.children], [
      scores.raised.own,
      scores.raised.children,
    ]], [[...lowered], [...raised]]);
  });
}

for (
  const [text, value] of [
    ["0\n", 0],
    ["-1000", -1000],
    ["+1000", 1000],
    [" 17 \n", 17],
    ["1001", undefined],
    ["-1001", undefined],
    [
      "",
      undefined,
    ],
    ["1e3", undefined],
    ["--1", undefined],
    ["00001", undefined],
  ] as const
) {
  Deno.test(`parseOomScoreAdj(), ${JSON.stringify(text)}: ${value}`, () =>
    assertEquals(parseOomScoreAdj(text), value));
}

Deno.test("scoresWord(): there and back; what is no such word is told", () => {
  assertEquals(parseScoresWord(scoresWord({ own: -999, children: 0 })), { own: -999, children: 0 });
  for (const word of ["", "1", "1,", "x,1", "1,2000"]) {
    assertEquals(parseScoresWord(word), undefined, word);
  }
});
