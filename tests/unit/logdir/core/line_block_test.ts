import { assertEquals } from "@std/assert";
import {
  cutLongLines,
  endLinesAtNul,
  hasLongLine,
  wholeLines,
} from "../../../../lib/logdir/core/line_block.ts";
import { seededRandom } from "../../core/seeded_random.ts";

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const text = (block: Uint8Array): string => new TextDecoder().decode(block);

Deno.test("endLinesAtNul(): each NUL is a line end, wherever it stands", () => {
  for (
    const [before, after] of [["", ""], ["a\n", "a\n"], ["\0", "\n"], ["a\0b\0\0c", "a\nb\n\nc"], [
      "\0\n\0",
      "\n\n\n",
    ]] as const
  ) {
    const block = bytes(before);
    endLinesAtNul(block);
    assertEquals(text(block), after);
  }
});

const CUTS: readonly (readonly [input: string, output: string])[] = [
  ["", ""],
  ["\n", "\n"],
  ["abcd\n", "abcd\n"],
  ["abcd", "abcd"], // may still be ended
  ["abcde\n", "abcd\ne\n"],
  ["abcde", "abcd\ne"],
  ["abcdefgh\n", "abcd\nefgh\n"],
  ["abcdefgh", "abcd\nefgh"],
  ["abcdefghi", "abcd\nefgh\ni"],
  ["a\nabcde\nb\n", "a\nabcd\ne\nb\n"],
  ["\n\n\n\n\n\nabcd\n", "\n\n\n\n\n\nabcd\n"],
  ["abc\nabcdefghij\n\nab", "abc\nabcd\nefgh\nij\n\nab"],
];

for (const [input, output] of CUTS) {
  Deno.test(`lines of at most 4 bytes: ${JSON.stringify(input)} becomes ${JSON.stringify(output)}`, () => {
    assertEquals(hasLongLine(bytes(input), 4), input !== output);
    assertEquals(text(cutLongLines(bytes(input), 4)), output);
  });
}

/**
 * Byte by byte, as the page has it: a newline is inserted after the limit's last byte if the line
 * goes on.
 */
function cutSimply(input: string, limit: number): string {
  let out = "";
  let length = 0;
  for (const byte of input) {
    if (byte !== "\n" && length === limit) {
      out += "\n";
      length = 0;
    }
    out += byte;
    length = byte === "\n" ? 0 : length + 1;
  }
  return out;
}

Deno.test("hasLongLine() and cutLongLines(): 2000 random blocks, against one written byte by byte", () => {
  const random = seededRandom(7);
  for (let run = 0; run < 2000; run++) {
    const limit = 1 + random(12);
    const input = Array.from({ length: random(60) }, () => random(6) === 0 ? "\n" : "x").join("");
    const expected = cutSimply(input, limit);
    assertEquals(text(cutLongLines(bytes(input), limit)), expected);
    assertEquals(hasLongLine(bytes(input), limit), expected !== input);
  }
});

Deno.test("wholeLines(): up to and with the last line end", () => {
  const cases = [["", 0], ["abc", 0], ["\n", 1], ["a\nb", 2], ["a\nb\n", 4], [
    "a\n\n\nb",
    4,
  ]] as const;
  for (const [input, expected] of cases) assertEquals(wholeLines(bytes(input)), expected);
});
