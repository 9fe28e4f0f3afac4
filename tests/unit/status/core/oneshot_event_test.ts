/** What `hexad events` tells of oneshots: the differences of two looks at a record. */
import { assertEquals } from "@std/assert";
import type { RecordedService } from "../../../../lib/rc/core/live_record.ts";
import {
  oneshotEventDocument,
  oneshotEventWords,
  oneshotNews,
  type ToldOneshots,
} from "../../../../lib/status/core/oneshot_event.ts";
import { oneshotState } from "../../../../lib/status/core/oneshot_report.ts";
import { NOW, oneshotOf, RAN } from "../../top/core/top_reports.ts";

const FAILED = { direction: "up", code: 3, why: "exit code 3" } as const;

/** What is told at each look at one oneshot, the first of which only says how it is. */
function toldAt(...looks: readonly Partial<RecordedService>[]): (string | undefined)[] {
  let told: ToldOneshots = new Map();
  return looks.map((fields) => {
    const seen = oneshotNews(told, [oneshotOf("init", fields)]);
    told = seen.told;
    return seen.news.map(({ service }) => oneshotState(service))[0];
  });
}

Deno.test("oneshot events: each state is told once; waiting for its turn is none", () => {
  assertEquals(
    toldAt(
      { progress: "down" },
      { progress: "waiting" },
      { progress: "starting", startedMs: 1 },
      { progress: "starting", startedMs: 1 },
      { progress: "up", startedMs: 1, endedMs: 2 },
      { progress: "up", startedMs: 1, endedMs: 2 },
      { progress: "waiting", startedMs: 1, endedMs: 2 },
      { progress: "stopping", startedMs: 3 },
      { progress: "down", startedMs: 3, endedMs: 4 },
    ),
    [undefined, undefined, "running", undefined, "done", undefined, undefined, "stopping", "down"],
  );
});

Deno.test("oneshot events: what has run once more between two looks is told again, and a wish that is taken back is not", () => {
  assertEquals(
    toldAt(
      { progress: "down", failure: FAILED, startedMs: 1, endedMs: 2 },
      { progress: "down", failure: FAILED, startedMs: 5, endedMs: 6 },
      { progress: "waiting", failure: FAILED, wishedMs: 7 },
      { progress: "down", failure: FAILED, startedMs: 5, endedMs: 6 },
      { progress: "down", untried: { direction: "up", because: "db" }, wishedMs: 8 },
      { progress: "down", untried: { direction: "up", because: "db" }, wishedMs: 8 },
      { progress: "down", untried: { direction: "up", because: "db" }, wishedMs: 9 },
    ),
    ["failed", "failed", undefined, undefined, "not started", undefined, "not started"],
  );
});

Deno.test("oneshot events: a record that is gone for a moment makes nothing news", () => {
  const first = oneshotNews(new Map(), [oneshotOf("a"), oneshotOf("b", { progress: "down" })]);
  assertEquals(first.news.map(({ service }) => service.name), ["a"]);
  const gone = oneshotNews(first.told, []);
  assertEquals(oneshotNews(gone.told, [oneshotOf("a"), oneshotOf("c")]).news.length, 1);
});

Deno.test("oneshot events: in words, and as a document", () => {
  const failed = oneshotOf("init\x1b", { progress: "down", failure: FAILED, ...RAN });
  const skipped = oneshotOf("x", { skipped: "DEBUG is not\x07 set" });
  const running = oneshotOf("x", { progress: "starting", startedMs: 1 });
  assertEquals([failed, skipped, running].map(oneshotEventWords), [
    "failed, exit code 3 (0.2s)",
    "skipped, DEBUG is not\\x07 set",
    "running",
  ]);
  const { event, oneshot, exitCode, reason, directory, done } = oneshotEventDocument(failed, NOW);
  assertEquals([event, oneshot, exitCode, reason, directory, done], [
    "failed",
    true,
    3,
    "exit code 3",
    "/run/s6-rc",
    false,
  ]);
  assertEquals(oneshotEventDocument(running, NOW).exitCode, null);
});
