import { assertEquals } from "@std/assert";
import { hasByte } from "../../../lib/libc/byte_search.ts";

Deno.test("hasByte(): wherever it stands, and not beyond the part that is asked about", () => {
  for (const length of [1, 15, 64, 1000]) {
    for (let at = 0; at < length; at += 7) {
      const block = new Uint8Array(length + 2).fill(1);
      block[at + 1] = 0;
      const part = block.subarray(1, length + 1);
      assertEquals([
        hasByte(part, 0),
        hasByte(block.subarray(0, at + 1), 0),
        hasByte(part.subarray(at + 1), 0),
      ], [true, false, false]);
    }
  }
  assertEquals(hasByte(new Uint8Array(0), 0), false);
});
