import { assertEquals, assertGreater } from "@std/assert";
import { releaseStartupMemory } from "../../../lib/libc/memory.ts";

/** What `gc` is called with while `action` runs; V8 gives us none here. */
function collectionsDuring(action: () => void): unknown[] {
  const calls: unknown[] = [];
  const scope = globalThis as { gc?: (options: unknown) => void };
  const before = scope.gc;
  scope.gc = (options) => void calls.push(options);
  try {
    action();
  } finally {
    if (before === undefined) delete scope.gc;
    else scope.gc = before;
  }
  return calls;
}

Deno.test("after a long start the heap is collected and moved together; a small one is left alone", () => {
  const kept = new Array(4 << 20).fill(0); // 32 MB
  assertEquals(collectionsDuring(releaseStartupMemory), [{ type: "major", flavor: "last-resort" }]);
  assertGreater(kept.length, 0);
  const usage = Deno.memoryUsage;
  try {
    Deno.memoryUsage = () => ({ ...usage(), heapTotal: 9 << 20 });
    assertEquals(collectionsDuring(releaseStartupMemory), []);
  } finally {
    Deno.memoryUsage = usage;
  }
});
