/**
 * The text of `hexad status` as a whole: notes below rows, the order where there is little room, the
 * line that sums up; and what --state and --sort choose.
 */
import { assertEquals, assertMatch } from "@std/assert";
import type { ServiceReport } from "../../../../lib/status/core/service_report.ts";
import type { ServiceFacts } from "../../../../lib/status/core/service_state.ts";
import {
  parseStates,
  selected,
  STATE_WORDS,
} from "../../../../lib/status/core/status_selection.ts";
import type { StatusOverview } from "../../../../lib/status/core/status_document.ts";
import { statusText } from "../../../../lib/status/core/status_text.ts";
import { NOW, reportOf } from "../../top/core/top_reports.ts";

const FAULT = "unable to spawn ./run: it has no execute bit; chmod +x ./run";

function broken(name: string): ServiceReport {
  const report = reportOf(name, { up: false });
  const { stamp } = report.facts.status!;
  return withFacts(report, { reasons: [{ stamp, oom: false, fault: FAULT }] });
}

function withFacts(report: ServiceReport, facts: Partial<ServiceFacts>): ServiceReport {
  return { ...report, facts: { ...report.facts, ...facts } };
}

function overviewOf(reports: readonly ServiceReport[]): StatusOverview {
  return {
    now: NOW,
    scandir: "/run/service",
    scanned: true,
    booting: false,
    reports,
    oneshots: [],
    leftOut: [],
  };
}

interface Room {
  readonly width?: number;
  readonly rows?: number;
  readonly inPlace?: boolean;
  readonly isSorted?: boolean;
  readonly isNamed?: boolean;
}

function textOf(reports: readonly ServiceReport[], room: Room = {}): string[] {
  return statusText(overviewOf(reports), reports, {
    inPlace: false,
    isSorted: false,
    isNamed: false,
    percent: false,
    textWidth: (text) => text.length,
    paint: (text) => text,
    ...room,
  });
}

const MANY = [...Array.from({ length: 9 }, (_, at) => reportOf(`s${at}`)), broken("z")];

Deno.test("statusText(): the cause below the row, broken at blanks where it is too wide, and a summary", () => {
  const lines = textOf([broken("a"), reportOf("b")]);
  assertEquals(lines[2], `  ${FAULT}`);
  assertEquals(lines.slice(-2), ["", "2 services: 1 up, 1 backing off"]);
  assertEquals(textOf([broken("a")], { width: 30 }).slice(2, 5), [
    "  unable to spawn ./run: it",
    "  has no execute bit; chmod +x",
    "  ./run",
  ]);
});

Deno.test("statusText(): one service that was asked for by its name needs no summary", () => {
  assertEquals(textOf([reportOf("a")], { isNamed: true }).length, 2);
  assertEquals(textOf([reportOf("a")]).at(-1), "1 service: 1 up");
  assertEquals(
    textOf([reportOf("a"), reportOf("b")], { isNamed: true }).at(-1),
    "2 services: 2 up",
  );
});

Deno.test("statusText(): what is not well comes first only where a terminal has too few lines, and no order was asked for", () => {
  const first = (room: Room): string => textOf(MANY, room)[1]!.split(" ")[0]!;
  assertEquals(first({}), "s0");
  assertEquals(first({ rows: 15 }), "s0");
  assertEquals(first({ rows: 14 }), "z");
  assertEquals(first({ rows: 14, isSorted: true }), "s0");
  assertEquals(first({ rows: 14, inPlace: true }), "s0");
  assertEquals(first({ rows: 13, inPlace: true }), "z");
});

Deno.test("statusText(): what has scrolled away is named with the option that shows it alone", () => {
  const last = (reports: readonly ServiceReport[], rows: number): string =>
    textOf(reports, { rows }).at(-1)!;
  const summary = "10 services: 9 up, 1 backing off";
  assertEquals(last(MANY, 14), `${summary} (--state not-well shows only what is not well)`);
  assertEquals(last(MANY, 15), summary);
  assertEquals(last(MANY.slice(0, -1), 5), "9 services: 9 up");
});

Deno.test("statusText(): in its place, no more lines than the terminal has; the summary stays", () => {
  for (const rows of [1, 2, 5, 13]) {
    const lines = textOf(MANY, { rows, inPlace: true });
    assertEquals(lines.length, rows);
    assertMatch(lines.at(-1)!, /^10 services: 9 up, 1 backing off \(a larger window shows more\)$/);
  }
});

Deno.test("summary: what runs and is not as it should be is no longer up; loggers only if they are not well", () => {
  const health = { state: "unhealthy", since: NOW, life: NOW, failures: 3 } as const;
  const reports = [
    withFacts(reportOf("ill"), { health }),
    withFacts(reportOf("slow"), { tellsReadiness: true }),
    reportOf("web"),
    reportOf("web/log", { isLogger: true }),
    reportOf("db/log", { isLogger: true, up: false }),
    reportOf("off", { up: false, wantedUp: false }),
  ];
  assertEquals(
    textOf(reports).at(-1),
    "4 services: 1 up, 1 not ready, 1 unhealthy, 1 down; 1 logger not well",
  );
});

Deno.test("parseStates(): words of a list, with blanks or hyphens; an unknown one is named", () => {
  assertEquals(parseStates("failed, backing off,up"), new Set(["failed", "backing-off", "up"]));
  assertEquals(parseStates("failed,fine"), { unknown: "fine" });
  assertEquals(parseStates(""), { unknown: "" });
  for (const word of STATE_WORDS) assertEquals(parseStates(word), new Set([word]));
});

Deno.test("selected(): by state, by what is not well, in the order of a key", () => {
  const reports = [
    reportOf("a"),
    broken("b"),
    reportOf("c", { deaths: 2 }),
    reportOf("d", { up: false, wantedUp: false }),
  ];
  const names = (states: string | undefined, sort?: "restarts" | "state"): string[] => {
    const words = states === undefined ? undefined : parseStates(states);
    if (words !== undefined && "unknown" in words) throw new Error(words.unknown);
    return selected(overviewOf(reports), { states: words, sort }).reports.map(({ facts }) =>
      facts.name
    );
  };
  assertEquals(names(undefined), ["a", "b", "c", "d"]);
  assertEquals(names("up"), ["a", "c"]);
  assertEquals(names("not-well,down"), ["b", "d"]);
  assertEquals(names("up", "restarts"), ["c", "a"]);
  assertEquals(names(undefined, "state"), ["b", "a", "c", "d"]);
});
