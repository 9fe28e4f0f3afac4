import { assertEquals } from "@std/assert";
import { editDistance, meantWord, suggestion } from "../../../../lib/core/text/edit_distance.ts";

const distances: readonly (readonly [a: string, b: string, edits: number])[] = [
  ["", "", 0],
  ["", "abc", 3],
  ["abc", "", 3],
  ["status", "status", 0],
  ["statsu", "status", 1],
  ["stats", "status", 1],
  ["sttaus", "status", 1],
  ["kitten", "sitting", 3],
  ["ca", "abc", 3],
];

for (const [a, b, edits] of distances) {
  Deno.test(`editDistance(): ${edits} from "${a}" to "${b}", and back`, () => {
    assertEquals([editDistance(a, b), editDistance(b, a)], [edits, edits]);
  });
}

const COMMANDS = ["status", "start", "stop", "restart", "reload", "logs", "top"];

const meant: readonly (readonly [word: string, meant: string | undefined])[] = [
  ["statsu", "status"],
  ["restrat", "restart"],
  ["strat", "start"],
  ["log", "logs"],
  ["rest", "restart"],
  ["st", undefined], // three begin so
  ["x", undefined],
  ["", undefined],
  ["frobnicate", undefined],
  ["s".repeat(1_000_000), undefined],
];

for (const [word, wanted] of meant) {
  Deno.test(`meantWord(): ${word.slice(0, 20) || "nothing"} is ${wanted ?? "no command"}`, () => {
    assertEquals(meantWord(word, COMMANDS), wanted);
  });
}

Deno.test("suggestion() is empty if nothing is near", () => {
  assertEquals([suggestion("lgos", COMMANDS), suggestion("zzz", COMMANDS)], [
    "; did you mean logs?",
    "",
  ]);
});
