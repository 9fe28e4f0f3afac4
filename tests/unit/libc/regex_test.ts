import { assertEquals, assertThrows } from "@std/assert";
import { Ere } from "../../../lib/libc/regex.ts";

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

const CASES: readonly (readonly [string, string, boolean])[] = [
  ["u", "su", true],
  ["u", "sdD", false],
  ["^u", "su", false],
  ["^su$", "su", true],
  ["d.*U", "udDuU", true],
  ["(ab)+c", "xababc", true],
  ["a{2,3}b", "ab", false],
  ["[[:digit:]]+", "x7", true],
  ["[[:digit:]]+", "\\d", false],
  ["a|b", "b", true],
  ["", "", true],
  ["", "x", true],
  ["^$", "", true],
  ["x", "", false],
  ["b", "a\0b", true],
  ["^b", "a\0b", false],
  ["\\.", "a", false],
  ["\xff", "\xff", false], // the pattern is text, so this is the two bytes of U+00FF
];

for (const [pattern, text, expected] of CASES) {
  Deno.test(`Ere: /${pattern}/ ${expected ? "matches" : "does not match"} ${JSON.stringify(text)}`, () => {
    using ere = new Ere(pattern);
    assertEquals(ere.test(bytes(text)), expected);
  });
}

Deno.test("Ere: a part of a larger buffer is matched, not what follows it", () => {
  using ere = new Ere("^ab$");
  assertEquals(ere.test(bytes("xxabyy").subarray(2, 4)), true);
});

Deno.test("Ere: a pattern that carries a raw byte matches that byte", () => {
  using ere = new Ere("\udcff");
  assertEquals(ere.test(bytes("a\xff")), true);
});

Deno.test("Ere: a broken pattern is a SyntaxError in the C library's words", () => {
  assertThrows(() => new Ere("a("), SyntaxError, "Unmatched ( or \\(");
  assertThrows(() => new Ere("[[:foo:]]"), SyntaxError, "Invalid character class name");
});

Deno.test("Ere: after it is freed it matches nothing any more", () => {
  const ere = new Ere("a");
  ere[Symbol.dispose]();
  ere[Symbol.dispose]();
  assertThrows(() => ere.test(bytes("a")), RangeError);
});
