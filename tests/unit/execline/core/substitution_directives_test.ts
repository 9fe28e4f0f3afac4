import { assertEquals } from "@std/assert";
import {
  multidefine,
  transformationOf,
} from "../../../../lib/execline/core/substitution_directives.ts";

Deno.test("transformationOf(): the last of options that undo each other counts", () => {
  const options = (text: string) =>
    [...text].map((name) => ({ name, value: name === "d" ? ":" : "" }));
  assertEquals(transformationOf(options("")), {
    delimiters: " \n\r\t",
    crunch: false,
    chomp: false,
    split: false,
  });
  assertEquals(transformationOf(options("nNCcsd")), {
    delimiters: ":",
    crunch: false,
    chomp: false,
    split: true,
  });
  assertEquals(transformationOf(options("NncC"), { split: true }), {
    delimiters: " \n\r\t",
    crunch: true,
    chomp: true,
    split: true,
  });
});

interface Options {
  readonly zeroWords?: boolean;
  readonly likeRead?: boolean;
}

const CASES: readonly (readonly [
  value: string,
  names: string,
  options: Options,
  result: Readonly<Record<string, readonly string[]>>,
])[] = [
  ["a b", "x,y", {}, { x: ["a"], y: ["b"] }],
  ["a", "x,y", {}, { x: ["a"], y: [""] }],
  ["a", "x,y", { zeroWords: true }, { x: ["a"], y: [] }],
  ["", "x", {}, { x: [""] }],
  ["a b c", "x,y", {}, { x: ["a"], y: ["b"] }],
  ["a b c", "x,y", { likeRead: true }, { x: ["a"], y: ["b", "c"] }],
  ["a b", "x,y", { likeRead: true }, { x: ["a"], y: ["b"] }],
  ["a b c", "x,,z", {}, { x: ["a"], z: ["c"] }],
  ["a b c d", "x,", { likeRead: true }, { x: ["a", "b", "c"] }],
];

Deno.test("multidefine()", () => {
  for (const [value, names, { zeroWords = false, likeRead = false }, result] of CASES) {
    const transformation = transformationOf([], { split: true });
    const defined = multidefine(value, names.split(","), { zeroWords, likeRead, transformation });
    assertEquals([value, names, Object.fromEntries(defined)], [value, names, result]);
  }
});
