import { assertEquals } from "@std/assert";
import { firstLine, parseUint } from "../../../../lib/core/linux/config_file.ts";
import { decodePath } from "../../../../lib/core/text/path_bytes.ts";
import { seededRandom } from "../seeded_random.ts";

const files: readonly (readonly [content: string, line: string])[] = [
  ["", ""],
  ["\n", ""],
  ["3", "3"],
  ["3\n", "3"],
  ["3\r\n", "3"],
  ["3\r", "3"],
  ["3\r\r\n", "3\r"],
  ["\r\n", ""],
  ["3\n4\n", "3"],
  ["3\x004\n", "3"],
  [" 3 \n", " 3 "],
  ["\n3\n", ""],
  ["3\r4\n", "3\r4"],
];

for (const [content, line] of files) {
  Deno.test(`firstLine(): ${JSON.stringify(content)}`, () =>
    assertEquals(firstLine(new TextEncoder().encode(content)), line));
}

Deno.test("firstLine(): bytes that are not UTF-8 are kept", () => {
  assertEquals(firstLine(new Uint8Array([0x61, 0xff, 0x0a, 0x62])), "a\udcff");
});

const numbers: readonly (readonly [text: string, value: number | undefined])[] = [
  ["0", 0],
  ["3", 3],
  ["0003", 3],
  ["4294967295", 4294967295],
  ["4294967296", undefined],
  ["99999999999999999999999999", undefined],
  ["", undefined],
  ["-1", undefined],
  ["+1", undefined],
  [" 1", undefined],
  ["1 ", undefined],
  ["1\n", undefined],
  ["0x10", undefined],
  ["1e3", undefined],
  ["1.5", undefined],
  ["three", undefined],
  ["٣", undefined],
  ["Infinity", undefined],
];

for (const [text, value] of numbers) {
  Deno.test(`parseUint(): ${JSON.stringify(text)} is ${value ?? "no number"}`, () =>
    assertEquals(parseUint(text), value));
}

Deno.test("firstLine() and parseUint(): random bytes never throw; a line has no end in it; a number is one of 32 bits", () => {
  const random = seededRandom(0xf11e);
  const telling = [0, 10, 13, 32, 43, 45, 48, 49, 57, 0xff];
  for (let round = 0; round < 5000; round++) {
    const bytes = Uint8Array.from(
      { length: random(16) },
      () => random(3) === 0 ? random(256) : telling[random(telling.length)]!,
    );
    const line = firstLine(bytes);
    assertEquals(/[\n\0]/.test(line), false);
    assertEquals(decodePath(bytes).startsWith(line), true);
    const value = parseUint(line);
    if (value !== undefined) {
      assertEquals(Number.isInteger(value) && value >= 0 && value < 2 ** 32, true);
    }
  }
});
