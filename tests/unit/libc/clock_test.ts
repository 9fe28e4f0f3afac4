import { assert, assertEquals } from "@std/assert";
import { compareTain, tainToUnix } from "../../../lib/core/time/tain.ts";
import { monotonicMs, wallclock } from "../../../lib/libc/clock.ts";

Deno.test("wallclock(): the system's clock", () => {
  const before = Date.now();
  const { seconds, nano } = tainToUnix(wallclock());
  const after = Date.now();
  const nowMs = Number(seconds) * 1000 + Math.floor(nano / 1_000_000);
  assert(before <= nowMs && nowMs <= after, `${before} <= ${nowMs} <= ${after}`);
});

Deno.test("wallclock(): finer than a millisecond, and one stamp is not the next one's", () => {
  const stamps = Array.from({ length: 1000 }, wallclock);
  assert(stamps.some(({ nano }) => nano % 1_000_000 !== 0));
  assert(compareTain(stamps[0]!, stamps[999]!) < 0);
  assertEquals(stamps.filter(({ nano }) => nano < 0 || nano > 999_999_999), []);
});

Deno.test("monotonicMs(): never goes back", () => {
  const moments = Array.from({ length: 10_000 }, monotonicMs);
  assertEquals(moments.toSorted((a, b) => a - b), moments);
});
