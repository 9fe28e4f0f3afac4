import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { type Lines, OutputRing, RingBudget } from "../../../../lib/keptoutput/core/output_ring.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const LIMIT = 1 << 16;
const SMALLEST = 1 << 12;
const STAMP = encoder.encode("@now ");

function linesOf(text: string): Lines {
  const bytes = encoder.encode(text);
  const starts = [0];
  for (const [i, byte] of bytes.entries()) if (byte === 10) starts.push(i + 1);
  return { bytes, starts: new Int32Array(starts), count: starts.length - 1 };
}

function kept(ring: OutputRing): string {
  return decoder.decode(ring.copy(ring.begin, ring.end));
}

Deno.test("OutputRing: nothing is allocated before something is written, and it all goes back", () => {
  const budget = new RingBudget(1 << 23);
  const ring = new OutputRing(budget, LIMIT);
  assertEquals([budget.usedBytes, ring.tail(5), kept(ring)], [0, 0, ""]);
  ring.add(linesOf("one\ntwo\n"), STAMP);
  assertEquals([budget.usedBytes, kept(ring)], [SMALLEST, "@now one\n@now two\n"]);
  ring.clear();
  assertEquals([budget.usedBytes, kept(ring)], [0, ""]);
});

Deno.test("OutputRing: however lines come, it holds the last whole ones, in order, within its limit", () => {
  const budget = new RingBudget(1 << 23);
  const ring = new OutputRing(budget, LIMIT);
  const all: string[] = [];
  let random = 1;
  while (all.length < 20_000) {
    const block: string[] = [];
    random = (random * 48271) % 0x7fffffff;
    for (let i = 0; i <= random % 700; i++) block.push(`${all.length + i} ${"x".repeat(i % 90)}`);
    all.push(...block);
    const begin = ring.end;
    ring.add(linesOf(block.map((line) => `${line}\n`).join("")), STAMP);
    const lines = kept(ring).split("\n").slice(0, -1);
    assertEquals(lines, all.slice(-lines.length).map((line) => `@now ${line}`));
    assertLessOrEqual(ring.end - ring.begin, LIMIT);
    assert(ring.end > begin);
    // one line more would not have had room
    const next = all.at(-lines.length - 1);
    if (next !== undefined) assert(ring.end - ring.begin + next.length + 6 > LIMIT);
    const last = decoder.decode(ring.copy(ring.tail(2), ring.end));
    assertEquals(last.split("\n").length, 3);
  }
  assertEquals(budget.usedBytes, LIMIT);
});

Deno.test("OutputRing: of a line that is longer than all there is, its beginning", () => {
  const ring = new OutputRing(new RingBudget(1 << 23), LIMIT);
  ring.add(linesOf(`before\n${"y".repeat(3 * LIMIT)}\n`), STAMP);
  assertEquals(kept(ring), `@now ${"y".repeat(LIMIT - STAMP.length - 1)}\n`);
  ring.add(linesOf("after\n"), STAMP);
  assertEquals(kept(ring), "@now after\n");
});

Deno.test("RingBudget: with all of it used, each ring still gets the smallest size", () => {
  const budget = new RingBudget(LIMIT);
  const rings = Array.from({ length: 30 }, () => new OutputRing(budget, LIMIT));
  for (const ring of rings) {
    for (let i = 0; i < 2000; i++) ring.add(linesOf(`${i} ${"z".repeat(60)}\n`), STAMP);
    assert(kept(ring).endsWith(`@now 1999 ${"z".repeat(60)}\n`));
  }
  assertLessOrEqual(budget.usedBytes, LIMIT + 30 * SMALLEST);
  for (const ring of rings) ring.clear();
  assertEquals(budget.usedBytes, 0);
});
