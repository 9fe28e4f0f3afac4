import { assertEquals, assertThrows } from "@std/assert";
import {
  countOf,
  ONE_OF_EACH,
  onlyThese,
  parseFormation,
} from "../../../../lib/foreground/core/formation.ts";

Deno.test("parseFormation(): as foreman's -m: what is not named has none, unless all= says otherwise", () => {
  const counts = (text: string): number[] =>
    ["web", "worker"].map((name) => countOf(parseFormation(text), name));
  assertEquals(counts("web=2"), [2, 0]);
  assertEquals(counts("web=2, worker=0,all=3"), [2, 0]);
  assertEquals(counts("all=3,web=1"), [1, 3]);
});

Deno.test("parseFormation(): refused: no number, no name, far too many", () => {
  for (const text of ["", "web", "web=", "web=-1", "web=x", "=2", "web=2,", "web=1001"]) {
    assertThrows(() => parseFormation(text), SyntaxError);
  }
});

Deno.test("one of each, or only some", () => {
  assertEquals(countOf(ONE_OF_EACH, "web"), 1);
  assertEquals(["web", "db"].map((name) => countOf(onlyThese(["db"]), name)), [0, 1]);
});
