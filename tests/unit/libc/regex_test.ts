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

/** As a line of s6-log: pattern, block, start, end, expected. */
const SPANS: readonly (readonly [string, string, number, number, boolean])[] = [
  ["^b", "a\nbc\nd", 2, 4, true],
  ["c$", "a\nbc\nd", 2, 4, true],
  ["d", "a\nbc\nd", 2, 4, false],
  ["^$", "a\n\nd", 2, 2, true],
  ["^$", "a\nb\nd", 2, 3, false],
  ["a.b", "xa\nby", 0, 5, false],
  ["a[^x]b", "xa\nby", 0, 5, false],
  ["^c", "abcd", 2, 4, true], // a line that was cut
  ["^c", "ab\ncd", 4, 5, false],
  ["\\`c", "ab\ncd", 3, 5, true],
  ["d\\'", "ab\ncd\nef", 3, 5, true],
  ["\\<c", "ab\ncd", 3, 5, true],
  ["\\Bd", "ab\ncd", 3, 5, true],
  ["(.)\\1", "ab\ncc", 3, 5, true],
  ["(.)\\1", "aa\ncd", 3, 5, false],
];

for (const [pattern, block, start, end, expected] of SPANS) {
  Deno.test(`Ere: /${pattern}/ ${expected ? "matches" : "does not match"} ${start} to ${end} of ${JSON.stringify(block)}`, () => {
    using ere = new Ere(pattern, { lines: true });
    assertEquals(ere.testSpan(bytes(block), start, end), expected);
    assertEquals(ere.test(bytes(block.slice(start, end))), expected);
  });
}

Deno.test("Ere: without lines, a newline is a byte like others", () => {
  using ere = new Ere("^b|a.b");
  assertEquals(ere.test(bytes("a\nb")), true);
  assertEquals(ere.testSpan(bytes("a\nb"), 2, 3), true);
  assertEquals(ere.test(bytes("\nb")), false);
});
