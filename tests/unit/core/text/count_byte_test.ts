import { assertEquals } from "@std/assert";
import { countByte } from "../../../../lib/core/text/count_byte.ts";
import { seededRandom } from "../seeded_random.ts";

Deno.test("a byte is counted wherever it stands, in any part of a buffer", () => {
  const random = seededRandom(17);
  for (let round = 0; round < 300; round++) {
    const buffer = Uint8Array.from(
      { length: 1 + random(5000) },
      () => [10, 11, 138, 0, 255, 9][random(6)]!,
    );
    const from = random(buffer.length);
    const part = buffer.subarray(from, from + random(buffer.length));
    for (const byte of [10, 0, 255, 138, 65]) {
      assertEquals(countByte(part, byte), part.filter((each) => each === byte).length);
    }
  }
});

Deno.test("a long run of the byte does not overflow a sum", () => {
  assertEquals(countByte(new Uint8Array(1 << 16).fill(10), 10), 1 << 16);
});
