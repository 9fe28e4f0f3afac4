/** What is said about oneshots, and what makes a tree not well. */
import { assertEquals } from "@std/assert";
import { tainFromUnix } from "../../../../lib/core/time/tain.ts";
import type { LiveRecord, RecordedService } from "../../../../lib/rc/core/live_record.ts";
import type { OneshotReport, OneshotState } from "../../../../lib/status/core/oneshot_report.ts";
import {
  isShown,
  missedText,
  oneshotReason,
  oneshotState,
} from "../../../../lib/status/core/oneshot_report.ts";
import { oneshotTable } from "../../../../lib/status/core/oneshot_table.ts";
import { isAllWell, statusDocument } from "../../../../lib/status/core/status_document.ts";

const FAILED_UP = { direction: "up", code: 3, why: "exit code 3" } as const;

function service(fields: Partial<RecordedService>): RecordedService {
  return { name: "init", type: "oneshot", isStep: false, progress: "up", ...fields };
}

const CASES: readonly (readonly [Partial<RecordedService>, OneshotState, string | undefined])[] = [
  [{ progress: "up" }, "done", undefined],
  [{ progress: "up", skipped: "X is not set" }, "skipped", "X is not set"],
  [{ progress: "starting", failure: FAILED_UP }, "running", undefined],
  [{ progress: "stopping" }, "stopping", undefined],
  [{ progress: "waiting", untried: { direction: "up" } }, "waiting", undefined],
  [{ progress: "down", failure: FAILED_UP }, "failed", "exit code 3"],
  [
    { progress: "down", untried: { direction: "up", because: "db" } },
    "not started",
    "because of db",
  ],
  [{ progress: "down", untried: { direction: "up" } }, "not started", "the time was over"],
  [
    { progress: "up", failure: { ...FAILED_UP, direction: "down" } },
    "failed to stop",
    "exit code 3",
  ],
  [{ progress: "down", untried: { direction: "down", because: "db" } }, "down", undefined],
  [{ progress: "down" }, "down", undefined],
];

Deno.test("oneshot report: the state in words, and the reason", () => {
  for (const [fields, state, reason] of CASES) {
    const given = service(fields);
    assertEquals([oneshotState(given), oneshotReason(given)], [state, reason]);
    const isBad = ["failed", "not started", "failed to stop"].includes(state);
    assertEquals(missedText(given) !== undefined, isBad, state);
  }
});

Deno.test("oneshot report: longruns are not shown as oneshots; a step of /init's own only when it has failed", () => {
  assertEquals(isShown(service({ type: "longrun" })), false);
  assertEquals(isShown(service({ isStep: true })), false);
  assertEquals(isShown(service({ isStep: true, progress: "down", failure: FAILED_UP })), true);
});

const LIVE: LiveRecord = {
  format: 1,
  pid: 1,
  prefix: "",
  monotonicMs: 60_000,
  unixMs: 1_700_000_000_000,
  busy: false,
  leftOut: [],
  services: [],
};

function report(fields: Partial<RecordedService>, line?: string): OneshotReport {
  return {
    service: service(fields),
    live: LIVE,
    folder: "/run/s6-rc",
    ...(line === undefined ? {} : { lastLine: { text: line } }),
  };
}

Deno.test("oneshot table: how long, since when, and the last line of output, its control characters written out", () => {
  const { rows } = oneshotTable(
    [
      report({ startedMs: 40_000, endedMs: 40_200 }, "all \x1b[1mgood"),
      report({ progress: "down", failure: FAILED_UP, startedMs: 1, endedMs: 20_001 }),
      report({ progress: "down", untried: { direction: "up", because: "db" }, wishedMs: 5 }),
    ],
    [{ name: "broken", because: "broken", why: "/x/type: there is no such file" }],
    LIVE.unixMs + 10_000,
  );
  assertEquals(rows.map((row) => row.map(({ text }) => text)), [
    ["init", "done", "0.2s", "29s", "all \\x1b[1mgood"],
    ["init", "failed, exit code 3", "20s", "49s", "-"],
    ["init", "not started, because of db", "-", "1m 9s", "-"],
    ["broken", "left out, /x/type: there is no such file", "-", "-", "-"],
  ]);
});

Deno.test("status document: oneshots with their moments; a failed one, or a definition that was left out, is not well", () => {
  const overview = {
    now: tainFromUnix(1_700_000_010n, 0),
    scandir: "/run/service",
    scanned: true,
    booting: false,
    reports: [],
    oneshots: [report({ startedMs: 40_000, endedMs: 40_200 }, "fine")],
    leftOut: [],
  };
  assertEquals(isAllWell(overview), true);
  assertEquals(statusDocument(overview).oneshots, [{
    name: "init",
    state: "done",
    well: true,
    reason: null,
    because: null,
    exitCode: 0,
    started: "2023-11-14T22:13:00.000000000Z",
    ended: "2023-11-14T22:13:00.200000000Z",
    tookMs: 200,
    lastLine: "fine",
  }]);
  const failed = report({ progress: "down", failure: FAILED_UP, startedMs: 1, endedMs: 2 });
  assertEquals(isAllWell({ ...overview, oneshots: [failed] }), false);
  assertEquals(statusDocument({ ...overview, oneshots: [failed] }).oneshots[0]!.exitCode, 3);
  const broken = { ...overview, leftOut: [{ name: "x", because: "y" }] };
  assertEquals(isAllWell(broken), false);
  assertEquals(statusDocument(broken).leftOut, [{ name: "x", because: "y", why: null }]);
});
