/** A document that was served says the same as the tree that it was made of. */
import { assertEquals, assertThrows } from "@std/assert";
import { type Tain, tainFromUnix } from "../../../../lib/core/time/tain.ts";
import { overviewOf } from "../../../../lib/remote/core/overview_of.ts";
import { EventSourceReader } from "../../../../lib/remote/core/event_source.ts";
import { parseServerUrl } from "../../../../lib/remote/core/server_url.ts";
import type { DeathReason } from "../../../../lib/servicedir/core/death_reasons.ts";
import type { Death } from "../../../../lib/servicedir/core/dtally.ts";
import type { Svstatus } from "../../../../lib/servicedir/core/svstatus.ts";
import type { LiveRecord, RecordedService } from "../../../../lib/rc/core/live_record.ts";
import type { ServiceReport } from "../../../../lib/status/core/service_report.ts";
import {
  statusDocument,
  type StatusOverview,
} from "../../../../lib/status/core/status_document.ts";
import { statusText } from "../../../../lib/status/core/status_text.ts";
import { seededRandom } from "../../core/seeded_random.ts";

const NOW = 1_796_000_000;

function reports(random: (below: number) => number): ServiceReport {
  const some = <T>(...list: readonly T[]): T => list[random(list.length)]!;
  const at = (): Tain => tainFromUnix(NOW - random(100_000), random(1_000_000_000));
  const stamp = at();
  const pid = some(0, 0, 42, 2 ** 22);
  const wstat = some(0, 1 << 8, 127 << 8, 9, 11);
  const status: Svstatus = {
    stamp,
    readystamp: stamp,
    pid,
    wstat,
    flagpaused: some(false, false, true),
    flagfinishing: pid !== 0 && random(4) === 0,
    flagwantup: some(true, false),
    flagready: some(true, false),
  };
  const deaths: Death[] = Array.from({ length: some(0, 1, 2, 7) }, () => ({
    stamp: at(),
    exitcode: 1,
    sig: 0,
  }));
  const isDown = pid === 0;
  if (isDown && deaths.length > 0) {
    const sig = wstat < 128 ? wstat : 0;
    deaths[deaths.length - 1] = { stamp, exitcode: sig === 0 ? wstat >> 8 : 128 + sig, sig };
  }
  const reasons: DeathReason[] = [
    ...(deaths.length === 0 ? [] : [{
      stamp: deaths.at(-1)!.stamp,
      oom: random(3) === 0,
      ...(random(2) === 0 ? { deaths: 1000 } : {}),
    }]),
    ...(isDown && status.flagwantup && random(2) === 0 ? [{ stamp, oom: false, next: at() }] : []),
    ...(isDown && !status.flagwantup && random(2) === 0
      ? [{ stamp, oom: false, over: some("policy", "finish") } as const]
      : []),
    ...(isDown && random(4) === 0 ? [{ stamp, oom: false, fault: "unable to spawn ./run" }] : []),
  ];
  const kind = random(10);
  const supervised = kind > 1;
  return {
    facts: {
      name: some("web", 'we"b\n', "db/log"),
      directory: "/run/service/web",
      isLogger: some(false, true),
      supervised,
      ...(kind === 0 ? { fault: "Permission denied" } : {}),
      ...(supervised ? { status } : {}),
      tellsReadiness: some(true, false),
      isHosted: false,
      normallyUp: some(true, false),
      deaths: supervised ? deaths : [],
      maxDeaths: some(100, 7),
      reasons: supervised ? reasons : [],
      ...(random(8) === 0 ? { missed: "not started because of db" } : {}),
      ...(supervised && pid !== 0 && random(3) === 0
        ? {
          health: {
            life: stamp,
            state: some("healthy", "unhealthy"),
            since: at(),
            failures: 3,
            why: "exit code 1",
          },
        }
        : {}),
    },
    ...(pid !== 0 && supervised
      ? {
        usage: {
          processes: 2,
          memoryKind: some("pss", "rss"),
          memoryBytes: 12345,
          cpuSeconds: 1.5,
        },
      }
      : {}),
    ...(random(2) === 0
      ? { logdir: "/var/log/web", lastLine: { text: "hello \x1b[31m", time: at() } }
      : {}),
  };
}

function oneshot(
  random: (below: number) => number,
  live: LiveRecord,
): StatusOverview["oneshots"][number] {
  const states: readonly Partial<RecordedService>[] = [
    { progress: "up" },
    { progress: "up", skipped: "no file" },
    { progress: "starting" },
    { progress: "waiting" },
    { progress: "down", failure: { direction: "up", code: 3, why: "exit code 3" } },
    { progress: "up", failure: { direction: "down", code: 3, why: "exit code 3" } },
    { progress: "down", untried: { direction: "up", because: "db" } },
    { progress: "down", untried: { direction: "up" } },
    { progress: "down" },
  ];
  const state = states[random(states.length)]!;
  const startedMs = state.progress === "waiting" || state.untried !== undefined ? undefined : 1000;
  const endedMs = startedMs === undefined || state.progress === "starting" ? undefined : 3500;
  return {
    service: {
      name: "migrate",
      type: "oneshot",
      isStep: false,
      progress: "down",
      ...state,
      ...(startedMs === undefined ? {} : { startedMs }),
      ...(endedMs === undefined ? {} : { endedMs }),
    },
    live,
    folder: "/run/s6-rc",
    ...(random(2) === 0 ? { lastLine: { text: "done" } } : {}),
  };
}

function overview(seed: number): StatusOverview {
  const random = seededRandom(seed);
  const now = tainFromUnix(NOW, 0);
  const live: LiveRecord = {
    format: 1,
    pid: 1,
    prefix: "",
    monotonicMs: 10_000,
    unixMs: NOW * 1000,
    busy: false,
    leftOut: [],
    services: [],
  };
  return {
    now,
    scandir: "/run/service",
    scanned: random(2) === 0 ? true : undefined,
    booting: random(5) === 0,
    reports: Array.from({ length: random(6) }, () => reports(random)),
    oneshots: Array.from({ length: random(3) }, () => oneshot(random, live)),
    leftOut: random(3) === 0 ? [{ name: "a", because: "b" }] : [],
  };
}

function text(of: StatusOverview): string {
  const form = { inPlace: false, percent: false, isSorted: true, isNamed: false };
  return statusText(of, of.reports, {
    ...form,
    textWidth: (each) => each.length,
    paint: (each) => each,
  }).join("\n");
}

Deno.test("what is made of a document has the same document and the same text", () => {
  for (let seed = 1; seed <= 400; seed++) {
    const original = overview(seed);
    const document = statusDocument(original);
    const again = overviewOf(JSON.parse(JSON.stringify(document)));
    assertEquals(statusDocument(again), document, `seed ${seed}`);
    assertEquals(text(again), text(original), `seed ${seed}`);
  }
});

Deno.test("what is no status document is refused, whatever is wrong with it", () => {
  const random = seededRandom(5);
  const document = JSON.parse(JSON.stringify(statusDocument(overview(3))));
  for (const value of [null, 1, "", [], {}, { format: 2 }]) {
    assertThrows(() => overviewOf(value), SyntaxError);
  }
  for (
    const wrong of [{ ...document, services: 1 }, { ...document, time: "now" }, {
      ...document,
      time: null,
    }]
  ) {
    assertThrows(() => overviewOf(wrong), SyntaxError);
  }
  for (let round = 0; round < 300; round++) {
    const broken = JSON.parse(JSON.stringify(document));
    const service = broken.services[random(broken.services.length)];
    const names = Object.keys(service);
    service[names[random(names.length)]!] = [null, 7, "x", [], {}, true, { a: 1 }][random(7)];
    try {
      text(overviewOf(broken));
    } catch (error) {
      assertEquals(error instanceof SyntaxError, true, `${error} ${JSON.stringify(service)}`);
    }
  }
});

Deno.test("URLs of servers", () => {
  const base = (url: string): string | undefined => parseServerUrl(url)?.base;
  assertEquals(base("http://127.0.0.1:9266/"), "http://127.0.0.1:9266");
  assertEquals(base("https://hexad.example/tree//"), "https://hexad.example/tree");
  assertEquals(parseServerUrl("unix:/run/hexad.sock")?.socket, "/run/hexad.sock");
  assertEquals(parseServerUrl("unix:///run/hexad.sock")?.socket, "/run/hexad.sock");
  for (
    const wrong of [
      "",
      "localhost:9266",
      "unix:sock",
      "ftp://a/",
      "http://",
      "http://u:p@h/",
      "http://h/?a",
    ]
  ) {
    assertEquals(parseServerUrl(wrong), undefined, wrong);
  }
});

Deno.test("events of a stream, in whatever pieces they come", () => {
  const stream =
    ':\n\nid: 1\ndata: {"a":1}\n\nevent: end\ndata: x\r\ndata:y\r\n\r\nid: 2\n\ndata\n\n';
  for (const size of [1, 2, 7, 1000]) {
    const reader = new EventSourceReader();
    const events = [];
    for (let at = 0; at < stream.length; at += size) {
      events.push(...reader.add(stream.slice(at, at + size)));
    }
    assertEquals(events, [
      { event: "message", id: "1", data: '{"a":1}' },
      { event: "end", id: undefined, data: "x\ny" },
      { event: "message", id: undefined, data: "" },
    ]);
  }
});
