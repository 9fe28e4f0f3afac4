/** The record of a live folder: what it says of each service, and what is taken for one. */
import { assertEquals } from "@std/assert";
import { isIdle } from "../../../lib/rc/core/engine.ts";
import type { LiveRecord, RecordedService } from "../../../lib/rc/core/live_record.ts";
import { parseRecord, unixMsOf } from "../../../lib/rc/core/live_record.ts";
import { differs, omissionsOf, recordOf } from "../../../lib/rc/core/make_record.ts";
import { rcDatabase } from "../../fake/rc_database.ts";
import { RcWorld } from "../../fake/rc_world.ts";

function recorded(world: RcWorld): LiveRecord {
  return recordOf(world.engine, {
    pid: 1,
    prefix: "",
    monotonicMs: world.nowMs,
    unixMs: 1_700_000_000_000,
    busy: !isIdle(world.engine),
    beganMs: 1_000_000,
    leftOut: [],
  });
}

function find(record: LiveRecord, name: string): RecordedService {
  return record.services.find((service) => service.name === name)!;
}

Deno.test("live record: a oneshot that has run has its moments; what fails says why, and what it kept from starting says because of what", () => {
  const world = new RcWorld(rcDatabase({
    first: { oneshot: true },
    second: { oneshot: true, needs: ["first"] },
    third: { needs: ["second"] },
    fourth: { needs: ["third"] },
  }));
  world.scripts.set("up first", { code: 0, afterMs: 40 }).set("up second", {
    code: 3,
    afterMs: 20,
  });
  world.change("up", ["fourth"]);
  const early = recorded(world);
  assertEquals([early.busy, find(early, "first").progress, find(early, "second").progress], [
    true,
    "starting",
    "waiting",
  ]);
  world.settle();
  const record = recorded(world);
  assertEquals(record.busy, false);
  assertEquals(record.services.map(({ name }) => name), ["fourth", "third", "first", "second"]);
  assertEquals(find(record, "first"), {
    name: "first",
    type: "oneshot",
    isStep: false,
    progress: "up",
    wishedMs: 1_000_000,
    startedMs: 1_000_000,
    endedMs: 1_000_040,
  });
  const { progress, failure, wishedMs, startedMs, endedMs } = find(record, "second");
  assertEquals([progress, wishedMs, startedMs, endedMs], ["down", 1_000_000, 1_000_040, 1_000_060]);
  assertEquals(failure, { direction: "up", code: 3, why: "exit code 3" });
  assertEquals(find(record, "third").untried, { direction: "up", because: "second" });
  assertEquals(find(record, "fourth").untried, { direction: "up", because: "second" });
});

Deno.test("live record: a second change up of what is up keeps its moments; one down of what could not be started ends its failure", () => {
  const world = new RcWorld(rcDatabase({
    good: { oneshot: true },
    bad: { oneshot: true, needs: ["good"] },
    after: { oneshot: true, needs: ["bad"] },
  }));
  world.scripts.set("up bad", { code: 1 });
  world.change("up", ["after"]);
  world.settle();
  world.pass(1000);
  world.change("up", ["good"]);
  world.settle();
  assertEquals(find(recorded(world), "good").startedMs, 1_000_000);
  world.change("down", ["bad", "after"]);
  world.settle();
  const record = recorded(world);
  assertEquals([find(record, "bad").failure, find(record, "after").untried], [
    undefined,
    undefined,
  ]);
});

Deno.test("live record: when the time of a change is over, what had not begun, and what was given up, says so", () => {
  const world = new RcWorld(rcDatabase({
    slow: { oneshot: true },
    next: { oneshot: true, needs: ["slow"] },
  }));
  world.scripts.set("up slow", "hangs");
  world.change("up", ["next"], { timeoutMs: 500 });
  world.pass(600);
  const record = recorded(world);
  assertEquals([find(record, "slow").untried, find(record, "next").untried], [
    { direction: "up" },
    { direction: "up" },
  ]);
});

Deno.test("live record: news are what a record would tell, and not that a process has died and come back", () => {
  const world = new RcWorld(rcDatabase({ web: {} }));
  world.change("up", ["web"]);
  world.settle();
  const before = world.engine;
  world.news("web", { kind: "died", exitCode: 1 });
  world.news("web", { kind: "spawned" });
  assertEquals(differs(before, world.engine), false);
  world.change("down", ["web"]);
  assertEquals(differs(before, world.engine), true);
});

Deno.test("live record: it is read back; names may hold any byte; a moment of it is one of the clock", () => {
  const world = new RcWorld(rcDatabase({ "caf\udce9": { oneshot: true } }));
  world.change("up", ["caf\udce9"]);
  world.settle();
  const record = recorded(world);
  assertEquals(parseRecord(JSON.stringify(record)), record);
  assertEquals(unixMsOf(record, world.nowMs - 250), 1_700_000_000_000 - 250);
});

for (
  const [name, text] of [
    ["no JSON", "{"],
    ["null", "null"],
    ["a list", "[]"],
    ["another format", '{"format":2}'],
    ["no services", '{"format":1,"pid":1,"prefix":"","monotonicMs":1,"unixMs":1,"busy":false}'],
    [
      "a moment that is none",
      '{"format":1,"pid":1,"prefix":"","monotonicMs":"x","unixMs":1,"busy":false,"leftOut":[],"services":[]}',
    ],
  ] as const
) {
  Deno.test(`live record: ${name} is no record`, () => {
    assertEquals(parseRecord(text), undefined);
  });
}

Deno.test("live record: entries that are none are passed over", () => {
  const text = JSON.stringify({
    format: 1,
    pid: 1,
    prefix: "",
    monotonicMs: 1,
    unixMs: 1,
    busy: false,
    leftOut: [{ name: "a", because: "b" }, { name: 1 }, null],
    services: [
      null,
      { name: "x" },
      { name: "x", type: "oneshot", isStep: false, progress: "flying" },
      { name: "x", type: "oneshot", isStep: false, progress: "up", failure: { code: 1 } },
      { name: "good", type: "oneshot", isStep: false, progress: "up" },
    ],
  });
  const record = parseRecord(text)!;
  assertEquals(record.services.map(({ name }) => name), ["good"]);
  assertEquals(record.leftOut, [{ name: "a", because: "b" }]);
});

Deno.test("live record: what was left out is told, however much it is and however long its reasons are", () => {
  const finding = { file: "src/x/type", cause: "y".repeat(5000), cure: "" };
  const leftOut = Array.from({ length: 3000 }, (_, i) => ({
    name: `s${i}`,
    becauseOf: "x",
    finding: finding as never,
  }));
  const told = omissionsOf(leftOut);
  assertEquals(told.length, 1000);
  assertEquals(told[0]!.why!.length < 400, true);
});
