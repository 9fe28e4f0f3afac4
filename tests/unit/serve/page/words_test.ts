/**
 * The page says what the terminal says: its words for states, notes, events, sizes and sums are
 * held against those of `hexad status` and `hexad events`, for services in every state.
 */
import { assertEquals } from "@std/assert";
import { printable as ofTerminal } from "../../../../lib/core/text/printable.ts";
import { humanBytes, humanDuration, humanTook } from "../../../../lib/core/time/human_units.ts";
import { tainFromUnix } from "../../../../lib/core/time/tain.ts";
import { eventWords as onPage } from "../../../../lib/serve/page/event_words.js";
import * as page from "../../../../lib/serve/page/human_units.js";
import { printable } from "../../../../lib/serve/page/printable.js";
import * as words from "../../../../lib/serve/page/service_words.js";
import { summaryLine as pageSummary } from "../../../../lib/serve/page/summary.js";
import { eventDocument, eventWords } from "../../../../lib/status/core/service_event.ts";
import type { ServiceReport } from "../../../../lib/status/core/service_report.ts";
import type { ServiceFacts } from "../../../../lib/status/core/service_state.ts";
import { serviceDocument, statusDocument } from "../../../../lib/status/core/status_document.ts";
import { notesOn, stateStyle, stateWords } from "../../../../lib/status/core/status_table.ts";
import { summaryLine } from "../../../../lib/status/core/status_summary.ts";
import { NOW, reportOf } from "../../top/core/top_reports.ts";

type Status = NonNullable<ServiceFacts["status"]>;

function changed(
  name: string,
  status: Partial<Status>,
  facts: Partial<ServiceFacts> = {},
): ServiceReport {
  const report = reportOf(name);
  return {
    ...report,
    facts: { ...report.facts, ...facts, status: { ...report.facts.status!, ...status } },
  };
}

const { stamp } = reportOf("x").facts.status!;
const DOWN = { pid: 0, flagwantup: false } as const;
const BACKING = { pid: 0, flagwantup: true } as const;

/** One of each kind. */
const REPORTS: readonly ServiceReport[] = [
  changed("ready", { flagready: true }, { tellsReadiness: true }),
  changed("up", {}),
  changed("not-ready", {}, { tellsReadiness: true }),
  changed("paused", { flagpaused: true }),
  changed("adopted", {}, { adopted: stamp }),
  changed("stopping", { flagwantup: false }),
  changed("finishing", { flagfinishing: true }),
  changed("backing-off", BACKING),
  changed("later", BACKING, { reasons: [{ stamp, oom: false, next: tainFromUnix(2030, 0) }] }),
  changed("no-run", BACKING, { reasons: [{ stamp, oom: false, fault: "no \x1b[2J interpreter" }] }),
  changed("not-found", { ...BACKING, wstat: 127 << 8 }),
  changed("failed", DOWN, { reasons: [{ stamp, oom: false, over: "max-restarts" }] }),
  changed("done", DOWN, { reasons: [{ stamp, oom: false, over: "policy", done: true }] }),
  changed("down", DOWN),
  changed("missed", DOWN, { missed: "not started because of db" }),
  changed("ignored", {}, { withoutEffect: ["restart-policy", "max-restarts"] }),
  changed("starting", {}, {
    health: { state: "starting", since: stamp, failures: 0 } as ServiceFacts["health"] & object,
  }),
  changed("unhealthy", {}, {
    health: {
      state: "unhealthy",
      since: stamp,
      failures: 3,
      why: "exit 1",
    } as ServiceFacts["health"] & object,
  }),
  changed("unsupervised", {}, { supervised: false }),
  changed("unknown", {}, { fault: "Permission denied" }),
  reportOf("web/log", { isLogger: true }),
  {
    ...changed("bad/log", BACKING),
    facts: { ...changed("bad/log", BACKING).facts, isLogger: true },
  },
];

const NOW_MS = 2000 * 1000;

Deno.test("the page's words, notes and colours for a service are those of hexad status", () => {
  const tones: Readonly<Record<string, string>> = { minor: "off" };
  for (const report of REPORTS) {
    const document = serviceDocument(report, NOW);
    const { name } = report.facts;
    assertEquals(words.stateWords(document, NOW_MS), stateWords(report.facts, NOW), name);
    assertEquals(words.notesOn(document), notesOn(report.facts), name);
    const style = stateStyle(report.facts);
    const tone = words.toneOf(document);
    assertEquals(tone === "done" ? "off" : tone, tones[style] ?? style, name);
  }
});

Deno.test("the page sums up as hexad status does", () => {
  for (const reports of [REPORTS, REPORTS.slice(0, 1), []]) {
    const overview = {
      now: NOW,
      scandir: "/run/service",
      scanned: true,
      booting: false,
      reports,
      oneshots: [],
      leftOut: [{ name: "a", because: "a", why: "it is broken" }],
    };
    assertEquals(pageSummary(statusDocument(overview)), summaryLine(overview));
  }
});

Deno.test("the page tells events as hexad events does", () => {
  const death = { stamp, exitcode: 127, sig: 0 };
  for (const { facts } of REPORTS) {
    for (
      const event of [
        "supervised",
        "up",
        "adopted",
        "ready",
        "died",
        "down",
        "failed",
        "unstartable",
        "unsupervised",
        "healthy",
        "unhealthy",
      ] as const
    ) {
      for (const deaths of [[], [death], [{ ...death, exitcode: 137, sig: 9 }]]) {
        const heard = { event, time: NOW, facts: { ...facts, deaths } };
        assertEquals(onPage(eventDocument(heard)), eventWords(heard), `${facts.name} ${event}`);
      }
    }
  }
});

Deno.test("sizes and times on the page are written as on a terminal", () => {
  for (let value = 0; value < 1e13; value = Math.ceil(value * 1.7) + 1) {
    assertEquals(page.humanBytes(value), humanBytes(value));
    assertEquals(page.humanDuration(value), humanDuration(value));
    assertEquals(page.humanTook(value), humanTook(value));
  }
  assertEquals([0, 0.04, 0.4, 9.94, 12.3, 250].map(page.humanShare), [
    "0%",
    "0%",
    "0.4%",
    "9.9%",
    "12%",
    "250%",
  ]);
});

Deno.test("printable() of the page writes out what that of the terminal does", () => {
  const every = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).join("");
  assertEquals(printable(every), ofTerminal(every));
  assertEquals(printable("a\u202eb\x1b[31m\udc80"), "a\\u202eb\\x1b[31m\\x80");
});
