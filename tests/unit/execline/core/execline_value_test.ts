import { assertEquals, assertThrows } from "@std/assert";
import {
  netstring,
  splitNetstrings,
  type Transformation,
  transformValue,
} from "../../../../lib/execline/core/execline_value.ts";

const PLAIN: Transformation = { delimiters: " \n\r\t", crunch: false, chomp: false, split: false };

const CASES:
  readonly (readonly [value: string, how: Partial<Transformation>, words: readonly string[]])[] = [
    ["a b", {}, ["a b"]],
    ["", {}, [""]],
    ["a \n", { chomp: true }, ["a "]],
    ["a  b\n\nc", { crunch: true }, ["a b\nc"]],
    ["  a", { crunch: true }, [" a"]],
    ["a  ", { crunch: true, chomp: true }, ["a"]],
    ["a b c", { split: true }, ["a", "b", "c"]],
    ["a b ", { split: true }, ["a", "b"]],
    [" a", { split: true }, ["", "a"]],
    ["a  b", { split: true }, ["a", "", "b"]],
    ["", { split: true }, []],
    [" ", { split: true }, [""]],
    ["a  b", { split: true, crunch: true }, ["a", "b"]],
    ["a b", { split: true, chomp: true }, ["a"]],
    ["a b ", { split: true, chomp: true }, ["a", "b"]],
    ["a", { split: true, chomp: true }, []],
    ["a:b,c", { split: true, delimiters: ":," }, ["a", "b", "c"]],
    ["aéb", { split: true, delimiters: "é" }, ["a", "", "b"]],
    ["aéb", { split: true, delimiters: "b" }, ["aé"]],
    ["é\udcff x", { split: true }, ["é\udcff", "x"]],
    ["1:a,3:b c,0:,", { split: true, delimiters: "" }, ["a", "b c", ""]],
    ["2:é,", { split: true, delimiters: "" }, ["é"]],
  ];

Deno.test("transformValue()", () => {
  for (const [value, how, words] of CASES) {
    assertEquals([value, how, transformValue(value, { ...PLAIN, ...how })], [value, how, words]);
  }
});

Deno.test("transformValue(): no netstrings", () => {
  for (const value of ["1:a", "1:ab", "x", "2:a,", "1;a,", "1:a,z", ":", ":,", "3:a b,::  ,"]) {
    assertThrows(
      () => transformValue(value, { ...PLAIN, split: true, delimiters: "" }),
      SyntaxError,
    );
  }
});

Deno.test("netstring(): counts bytes; splitNetstrings() reads it back", () => {
  assertEquals([netstring("é"), netstring("")], ["2:é,", "0:,"]);
  assertEquals(splitNetstrings("3:a,b,0:,"), ["a,b", ""]);
});
