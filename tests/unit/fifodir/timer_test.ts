import { assertEquals } from "@std/assert";
import { startTimer } from "../../../lib/fifodir/timer.ts";

Deno.test("startTimer() calls once, in order of the delays", async () => {
  const called: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  using _later = startTimer(200, () => resolve(void called.push("later")));
  using _first = startTimer(0, () => called.push("first"));
  await promise;
  assertEquals(called, ["first", "later"]);
});

Deno.test("a timer of more than 24 days is not called at once, as the runtime's own would be", async () => {
  const called: string[] = [];
  using _month = startTimer(0xffffffff, () => called.push("month"));
  await new Promise<void>((resolve) => void startTimer(2, resolve));
  assertEquals(called, []);
});

Deno.test("a timer that is disposed of is not called", async () => {
  const called: string[] = [];
  startTimer(0, () => called.push("never"))[Symbol.dispose]();
  await new Promise<void>((resolve) => void startTimer(1, resolve));
  assertEquals(called, []);
});

Deno.test("a timer that is disposed of is not called by a runtime that has it in its hands already", () => {
  const { setTimeout } = globalThis;
  const due: (() => void)[] = [];
  globalThis.setTimeout =
    ((callback: () => void) => due.push(callback)) as unknown as typeof globalThis.setTimeout;
  const called: string[] = [];
  try {
    const cleared = startTimer(0, () => called.push("never"));
    startTimer(0, () => called.push("kept"));
    cleared[Symbol.dispose]();
  } finally {
    globalThis.setTimeout = setTimeout;
  }
  for (const callback of due) callback();
  assertEquals(called, ["kept"]);
});
