import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { waitMs } from "../../../../lib/serve/page/backoff.js";
import {
  addDeath,
  addSample,
  emptyHistory,
  HOUR_MS,
  shownMs,
} from "../../../../lib/serve/page/history.js";
import { linePaths, marksPath, mostOf } from "../../../../lib/serve/page/plot.js";

const START = Date.parse("2026-12-01T00:00:00Z");

function look(seconds: number, bytes = 1000, pid = 7): Parameters<typeof addSample>[1] {
  return {
    memory: { bytes, kind: "pss" },
    cpu: { seconds, percent: null },
    pid,
    lastExit: null,
  };
}

Deno.test("addSample(): the share of a processor is that since the sample before, of one process", () => {
  const history = emptyHistory();
  addSample(history, look(1), START);
  addSample(history, look(2), START + 4000);
  addSample(history, look(0.5, 1000, 8), START + 8000);
  addSample(history, { ...look(0), memory: null, cpu: null }, START + 12_000);
  addSample(history, look(9), START + 12_000);
  assertEquals(history.samples.map(({ percent }) => percent), [null, 25, null, null]);
  assertEquals(history.samples.at(-1)?.bytes, null);
});

Deno.test("addSample(): after many hours it holds one hour, and the peaks of it", () => {
  const history = emptyHistory();
  let most = 0;
  for (let atMs = START; atMs < START + 3 * HOUR_MS; atMs += 1000) {
    addSample(history, look(0, atMs % 600_000 === 0 ? 9000 : 1000), atMs);
    most = Math.max(most, history.samples.length);
  }
  assert(most <= 481, String(most));
  const [first] = history.samples;
  assert(first !== undefined && first.atMs >= START + 2 * HOUR_MS - 16_000);
  assertEquals(history.samples.filter(({ bytes }) => bytes === 9000).length, 6);
});

Deno.test("a death is marked once, in its place, and forgotten after an hour", () => {
  const history = emptyHistory();
  for (const atMs of [START + 5, START, START + 5, NaN, START + 2]) addDeath(history, atMs);
  assertEquals(history.deathsMs, [START, START + 2, START + 5]);
  addSample(history, look(0), START + HOUR_MS + 3);
  assertEquals(history.deathsMs, [START + 5]);
});

Deno.test("shownMs(): from ten minutes to an hour", () => {
  assertEquals([undefined, START, START - 1_200_000, 0].map((first) => shownMs(first, START)), [
    600_000,
    600_000,
    1_200_000,
    HOUR_MS,
  ]);
});

Deno.test("linePaths(): a line is broken where nothing ran or nobody looked, and stays in its frame", () => {
  const at = (seconds: number, bytes: number | null): Parameters<typeof linePaths>[0][number] => ({
    atMs: START + seconds * 1000,
    bytes,
    percent: null,
  });
  const samples = [at(-50, 1), at(0, 10), at(10, 20), at(20, null), at(30, 5), at(300, 40)];
  const frame = { width: 300, height: 22, fromMs: START, toMs: START + 300_000, most: 20 };
  const { line, area } = linePaths(samples, "bytes", frame);
  assertEquals(line, "M0 11L10 1M29 16h1.5M299 1h1.5");
  assertEquals(area, "M0 11L10 1L10 22L0 22Z");
  assertEquals(linePaths(samples, "percent", frame), { line: "", area: "" });
  assertEquals(marksPath([START - 1, START + 150_000], frame), "M150 0v22");
  assertEquals([mostOf(samples, "bytes"), mostOf([], "bytes"), mostOf([], "percent")], [50, 1, 5]);
});

Deno.test("waitMs(): doubles up to half a minute, less by chance", () => {
  assertEquals([1, 2, 3, 6, 100].map((failures) => waitMs(failures, 0)), [
    1000,
    2000,
    4000,
    30_000,
    30_000,
  ]);
  assertAlmostEquals(waitMs(1, 1), 800);
});
