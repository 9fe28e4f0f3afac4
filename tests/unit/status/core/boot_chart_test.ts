/** What a boot was like: times, the chain that its end waited for, and how that is shown. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { LiveRecord } from "../../../../lib/rc/core/live_record.ts";
import { recordOf } from "../../../../lib/rc/core/make_record.ts";
import type { BootChart } from "../../../../lib/status/core/boot_chart.ts";
import { bootChart, bootHeadline, slowest } from "../../../../lib/status/core/boot_chart.ts";
import { bootDocument } from "../../../../lib/status/core/boot_document.ts";
import { bootSvg } from "../../../../lib/status/core/boot_svg.ts";
import { bootTables } from "../../../../lib/status/core/boot_text.ts";
import type { Sketch } from "../../../fake/rc_database.ts";
import { rcDatabase } from "../../../fake/rc_database.ts";
import { RcWorld } from "../../../fake/rc_world.ts";

const SKETCH: Sketch = {
  prepare: { oneshot: true },
  quick: { oneshot: true },
  fetch: { oneshot: true, after: ["prepare"] },
  web: { tellsReadiness: true, needs: ["quick"], wants: ["fetch"] },
  bad: { oneshot: true, needs: ["quick"] },
  "<never>": { needs: ["bad"] },
};

function boot(
  { until }: { readonly until?: number } = {},
): { readonly chart: BootChart; readonly record: LiveRecord } {
  const database = rcDatabase(SKETCH);
  const world = new RcWorld(database);
  world.scripts.set("up prepare", { code: 0, afterMs: 100 }).set("up fetch", {
    code: 0,
    afterMs: 50,
  }).set("up bad", { code: 9, afterMs: 5 });
  world.longruns.set("web", { afterMs: 30 });
  world.change("up", Object.keys(SKETCH));
  if (until === undefined) world.settle();
  else world.pass(until);
  const record = recordOf(world.engine, {
    pid: 1,
    prefix: "",
    monotonicMs: world.nowMs,
    unixMs: 1_700_000_000_000,
    busy: until !== undefined,
    beganMs: undefined,
    leftOut: [],
  });
  return { chart: bootChart(record, database)!, record };
}

Deno.test("boot chart: what waited, what ran; the chain follows order and wants as well as dependencies", () => {
  const { chart } = boot();
  assertEquals(chart.tookMs, 180);
  assertEquals(chart.criticalChain.map(({ name }) => name), ["prepare", "fetch", "web"]);
  assertEquals(slowest(chart, 2).map(({ name }) => name), ["prepare", "fetch"]);
  const of = (name: string): unknown[] => {
    const { outcome, startedMs, endedMs, reason } = chart.entries.find((each) =>
      each.name === name
    )!;
    return [outcome, startedMs, endedMs, reason];
  };
  assertEquals(of("web"), ["up", 150, 180, undefined]);
  assertEquals(of("bad"), ["failed", 1, 6, "failed to start: exit code 9"]);
  assertEquals(of("<never>"), ["not started", undefined, undefined, "not started because of bad"]);
  assertEquals(bootHeadline(chart), "6 services in 0.2 s, 1 failed, 1 not started");
});

Deno.test("boot chart: one that goes on says so; without the graph there is no chain, with nothing no chart", () => {
  const { chart, record } = boot({ until: 120 });
  assertEquals([chart.isOver, chart.tookMs], [false, 120]);
  assertEquals(
    bootHeadline(chart),
    "6 services in 0.1 s, 1 failed, 1 not started, 2 under way, and the boot goes on",
  );
  assertEquals(bootChart(record, undefined)!.criticalChain, []);
  const world = new RcWorld(rcDatabase(SKETCH));
  const empty = recordOf(world.engine, { ...record, beganMs: undefined });
  assertEquals(bootChart(empty, undefined), undefined);
});

Deno.test("boot text: a bar of dots while it waited and of number signs while it ran", () => {
  const [chain, , services] = bootTables(boot().chart);
  assertEquals(chain!.rows.map((row) => row.map(({ text }) => text)), [
    ["prepare", "+0ms", "0.1s"],
    ["fetch", "+0.1s", "50ms"],
    ["web", "+0.1s", "30ms"],
  ]);
  const bar = (name: string): string =>
    services!.rows.find(([first]) => first!.text === name)!.at(-1)!.text;
  assertEquals(bar("prepare"), "#".repeat(22));
  assertEquals(bar("web"), `${".".repeat(33)}${"#".repeat(7)}`);
  assertEquals(bar("<never>").includes("#"), false);
});

Deno.test("boot document: milliseconds since the beginning, which is a moment", () => {
  const { chart, record } = boot();
  const document = bootDocument(chart, "/run/s6-rc", record);
  assertEquals(document.began, "2023-11-14T22:13:19.820000000Z");
  assertEquals(document.services.at(0), {
    name: "prepare",
    type: "oneshot",
    step: false,
    outcome: "up",
    reason: null,
    startedMs: 0,
    endedMs: 100,
    waitedMs: 0,
    ranMs: 100,
  });
});

Deno.test("boot picture: each service has a row, and names are no markup", () => {
  const svg = bootSvg(boot().chart);
  for (const name of Object.keys(SKETCH).filter((each) => each !== "<never>")) {
    assertStringIncludes(svg, `>${name}<`);
  }
  assertStringIncludes(svg, ">&lt;never&gt;<");
  assertEquals(svg.includes("<never>"), false);
  assertEquals([...svg.matchAll(/<g>/g)].length, [...svg.matchAll(/<\/g>/g)].length);
});
