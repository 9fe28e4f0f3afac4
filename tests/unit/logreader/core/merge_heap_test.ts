import { assertEquals } from "@std/assert";
import { MergeHeap } from "../../../../lib/logreader/core/merge_heap.ts";
import { seededRandom } from "../../core/seeded_random.ts";

Deno.test("MergeHeap gives the earliest head, of equals that of the lower number", () => {
  const heap = new MergeHeap();
  assertEquals([heap.first, heap.size], [undefined, 0]);
  heap.push(2, 5);
  heap.push(0, 7);
  heap.push(1, 5);
  assertEquals(heap.first, 1);
  heap.replaceFirst(9);
  assertEquals(heap.first, 2);
  heap.pop();
  assertEquals(heap.first, 0);
  heap.pop();
  heap.pop();
  assertEquals([heap.first, heap.size], [undefined, 0]);
});

Deno.test("MergeHeap merges random sources as sorting does", () => {
  const random = seededRandom(11);
  for (let round = 0; round < 200; round++) {
    const sources = Array.from(
      { length: 1 + random(9) },
      () => Array.from({ length: random(20) }, () => random(30)).sort((a, b) => a - b),
    );
    const expected = sources.flatMap((numbers, source) => numbers.map((at) => ({ at, source })))
      .sort((a, b) => a.at - b.at || a.source - b.source);
    const next = sources.map(() => 0);
    const heap = new MergeHeap();
    sources.forEach(([first], source) => first !== undefined && heap.push(source, first));
    const taken: { at: number; source: number }[] = [];
    while (heap.size > 0) {
      const source = heap.first!;
      taken.push({ at: sources[source]![next[source]!]!, source });
      next[source]! += 1;
      const at = sources[source]![next[source]!];
      if (at === undefined) heap.pop();
      else heap.replaceFirst(at);
    }
    assertEquals(taken, expected);
  }
});
