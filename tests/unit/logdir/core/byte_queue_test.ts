/** Bytes that wait in blocks of a pool, against a plain array of them. */
import { assertEquals } from "@std/assert";
import { BlockPool, ByteQueue, POOL_BLOCK } from "../../../../lib/logdir/core/byte_queue.ts";
import { seededRandom } from "../../core/seeded_random.ts";

function numbered(from: number, count: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: count }, (_, i) => (from + i) % 251);
}

Deno.test("append, first, copyTo and drop, 2000 times at random: bytes come out as they went in", () => {
  const random = seededRandom(7);
  const pool = new BlockPool();
  const queue = new ByteQueue(pool);
  let [written, read] = [0, 0];
  for (let round = 0; round < 2000; round++) {
    if (random(2) === 0) {
      const count = random([10, 1000, 3 * POOL_BLOCK][random(3)]!);
      queue.append(numbered(written, count));
      written += count;
    } else {
      const first = queue.first();
      assertEquals(first, numbered(read, first.length));
      assertEquals(first.length === 0, queue.length === 0);
      const out = new Uint8Array(random(2 * POOL_BLOCK));
      const count = queue.copyTo(out);
      assertEquals(count, Math.min(out.length, written - read));
      assertEquals(out.subarray(0, count), numbered(read, count));
      const dropped = random(2) === 0 ? count : first.length;
      queue.drop(dropped);
      read += dropped;
    }
    assertEquals(queue.length, written - read);
  }
  queue.clear();
  assertEquals([queue.length, pool.usedBytes], [0, 0]);
});

Deno.test("blocks are used again: a queue that is filled and emptied a thousand times needs no more memory than once", () => {
  const pool = new BlockPool();
  const queue = new ByteQueue(pool);
  const piece = numbered(0, 100_000);
  let idle = 0;
  pool.onIdle = () => idle++;
  for (let round = 0; round < 1000; round++) {
    for (let i = 0; i < 10; i++) queue.append(piece);
    queue.clear();
  }
  assertEquals([pool.chunks.reduce((sum, chunk) => sum + chunk.length, 0), idle], [1 << 20, 1000]);
});

Deno.test("what is appended is copied, and blocks come back as soon as they are read", () => {
  const pool = new BlockPool();
  const queue = new ByteQueue(pool);
  const bytes = numbered(0, 2 * POOL_BLOCK + 1);
  queue.append(bytes);
  bytes.fill(255);
  assertEquals([queue.first(), pool.usedBytes], [numbered(0, POOL_BLOCK), 3 * POOL_BLOCK]);
  queue.drop(POOL_BLOCK);
  assertEquals(pool.usedBytes, 2 * POOL_BLOCK);
  queue.drop(POOL_BLOCK + 1);
  assertEquals([queue.length, pool.usedBytes], [0, 0]);
});
