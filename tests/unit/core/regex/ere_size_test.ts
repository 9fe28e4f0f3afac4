import { assertEquals } from "@std/assert";
import { ereSize } from "../../../../lib/core/regex/ere_size.ts";

const SIZES: readonly (readonly [pattern: string, positions: number])[] = [
  ["", 0],
  ["abc", 3],
  ["^a|b$", 2],
  ["[]a-z]x", 2],
  ["[^]a]{3}", 3],
  ["[[:digit:]]{2,4}", 4],
  ["a{3,}", 4],
  ["a{0}", 1],
  ["a{,3}", 3],
  ["a*b?c", 3],
  ["(ab)+", 4],
  ["x(ab|c){10}y", 32],
  ["(a{1,100}){1,100}", 10_000],
  ["((a{1,100}){1,100}){1,100}", 1_000_000],
  ["((((((a{1,255}){1,255}){1,255}){1,255}){1,255}){1,255}", 255 ** 6],
  ["a{2}{3}", 6],
  ["\\({3}", 3],
  ["[(]{3}\\.[0-9]{1,3}", 7],
  ["(a", 1],
  ["a)b", 3],
  ["(".repeat(100_000), 0],
];

for (const [pattern, positions] of SIZES) {
  Deno.test(`${pattern.slice(0, 40)} has ${positions} positions`, () =>
    assertEquals(ereSize(pattern).positions, positions));
}

Deno.test("back-references are found, and escaped backslashes are none", () => {
  const patterns = ["(a*)\\1", "\\\\1", "[\\1]", "a\\9", "\\.1"];
  assertEquals(patterns.map((pattern) => ereSize(pattern).hasBackReference), [
    true,
    false,
    false,
    true,
    false,
  ]);
});
