import { assertEquals } from "@std/assert";
import { SHARED_POOL } from "../../../../lib/logdir/core/byte_queue.ts";
import { LineCarry } from "../../../../lib/logdir/core/line_carry.ts";

Deno.test("LineCarry: short and long pieces come back in their order, and nothing stays", () => {
  const carry = new LineCarry();
  const pieces = [3, 8000, 500, 40_000, 1].map((length, i) => new Uint8Array(length).fill(i + 1));
  const whole = new Uint8Array(pieces.flatMap((piece) => [...piece]));
  for (const piece of pieces) {
    const buffer = piece.slice();
    carry.add(buffer);
    buffer.fill(99); // it has been copied
  }
  assertEquals(carry.length, whole.length);
  const block = new Uint8Array(whole.length + 2);
  carry.moveInto(block);
  assertEquals(block.subarray(0, whole.length), whole);
  assertEquals([...block.subarray(whole.length)], [0, 0]);
  assertEquals([carry.length, SHARED_POOL.usedBytes], [0, 0]);
});

Deno.test("LineCarry.clear() gives its blocks back", () => {
  const carry = new LineCarry();
  carry.add(new Uint8Array(100_000));
  carry.clear();
  assertEquals([carry.length, SHARED_POOL.usedBytes], [0, 0]);
});
