import { assertEquals, assertThrows } from "@std/assert";
import type { Change } from "../../../../lib/execline/core/chain_environment.ts";
import { EnvfileError, parseEnvfile } from "../../../../lib/execline/core/envfile.ts";

function parse(text: string): Change[] {
  return parseEnvfile(new TextEncoder().encode(text));
}

const FILES: readonly (readonly [text: string, changes: readonly Change[]])[] = [
  ["", []],
  ["\n \t\n# a\n  # b=c\n", []],
  ["A=1\nB=2", [["A", "1"], ["B", "2"]]],
  [" A\t=  x y \t\n", [["A", "x y"]]],
  ["A=", [["A", ""]]],
  ["A=\n", [["A", ""]]],
  ["A=b=c # d", [["A", "b=c # d"]]],
  ["A=x\\\ny", [["A", "xy"]]],
  ["A=\\\n  y", [["A", "  y"]]],
  ["A=\\ x\\ ", [["A", " x "]]],
  ['A=\\\\\\"', [["A", '\\"']]],
  ['A="  x  "', [["A", "  x  "]]],
  ['A=" a"b" c"', [["A", " ab c"]]],
  ['A=""', [["A", ""]]],
  ['A="\\a\\b\\t\\n\\v\\f\\r\\q\\\'\\?\\=\\#"', [["A", "\x07\b\t\n\v\f\rq'?=#"]]],
  ['A="\\x41\\x7a1\\1011\\7x\\777"', [["A", "Az1A1\x07x\udcff"]]],
  ['A="a\\\nb"', [["A", "ab"]]],
  ['A="\\xff\\xc3\\xa9"', [["A", "\udcffé"]]],
  ['A="x\\0B=y"', [["A", "x"], ["B", "y"]]],
  ['A="x\\0B"', [["A", "x"], ["B", undefined]]],
  ["é=ü", [["é", "ü"]]],
  ["A=1\0B=2", [["A", "1"]]],
  ["A=1\r\nB=2\r\n", [["A", "1"], ["B", "2"]]],
];

Deno.test("parseEnvfile()", () => {
  for (const [text, changes] of FILES) assertEquals([text, parse(text)], [text, changes]);
});

const ERRORS: readonly (readonly [text: string, line: number])[] = [
  ["A", 1],
  ["A=1\nB\n", 2],
  ["A B=1", 1],
  ["=1", 1],
  ["'A=1", 1],
  ["A?=1", 1],
  ["\\A=1", 1],
  ['A="x', 1],
  ['A="x\ny"', 1],
  ["A=x\\", 1],
  ["A=x\\y", 1],
  ['A="\\xg"', 1],
  ['A="\\x4"', 1],
  ['A="\\', 1],
];

Deno.test("parseEnvfile(): what is no assignment, and its line", () => {
  for (const [text, line] of ERRORS) {
    const error = assertThrows(() => parse(text), EnvfileError);
    assertEquals([text, error.line], [text, line]);
  }
});
