import { assertEquals } from "@std/assert";
import { Schedule } from "../../../../lib/images/core/schedule.ts";

/** a <- b <- c, and d by itself. */
const JOBS = [
  { name: "a", after: ["elsewhere"] },
  { name: "b", after: ["a"] },
  { name: "c", after: ["b"] },
  { name: "d", after: [] },
];

function kinds({ states }: Schedule): string {
  return [...states].map(([name, { kind }]) => `${name} ${kind}`).join(", ");
}

Deno.test("Schedule: what waits for nothing begins, as many as may at once", () => {
  const schedule = new Schedule(JOBS, { atOnce: 2, keepGoing: false });
  assertEquals(schedule.begin(), ["a", "d"]);
  assertEquals(schedule.begin(), []);
  schedule.done("a");
  assertEquals(schedule.begin(), ["b"]);
  assertEquals(new Schedule(JOBS, { atOnce: 1, keepGoing: false }).begin(), ["a"]);
});

Deno.test("Schedule: after a failure nothing begins, and what runs comes to its end", () => {
  const schedule = new Schedule([...JOBS, { name: "e", after: [] }], {
    atOnce: 2,
    keepGoing: false,
  });
  schedule.begin();
  schedule.failed("a", 3);
  assertEquals([schedule.begin(), schedule.isOver], [[], false]);
  schedule.done("d");
  assertEquals(schedule.isOver, true);
  assertEquals(kinds(schedule), "a failed, b left out, c left out, d done, e not begun");
  assertEquals(schedule.states.get("c"), { kind: "left out", because: "a" });
});

Deno.test("Schedule: with keepGoing the rest goes on", () => {
  const schedule = new Schedule(JOBS, { atOnce: 1, keepGoing: true });
  schedule.begin();
  schedule.failed("a", 3);
  assertEquals(schedule.begin(), ["d"]);
  schedule.done("d");
  assertEquals([schedule.isOver, kinds(schedule)], [
    true,
    "a failed, b left out, c left out, d done",
  ]);
});

Deno.test("Schedule: what was found is not begun, and nothing waits for it", () => {
  const schedule = new Schedule(JOBS, { atOnce: 4, keepGoing: false, found: ["a", "d"] });
  assertEquals(schedule.begin(), ["b"]);
});

Deno.test("Schedule: stopped from outside", () => {
  const schedule = new Schedule(JOBS, { atOnce: 1, keepGoing: true });
  schedule.begin();
  schedule.stop();
  schedule.interrupted("a");
  assertEquals([schedule.begin(), schedule.isOver], [[], true]);
  assertEquals(kinds(schedule), "a interrupted, b not begun, c not begun, d not begun");
});
