/** The table of oneshots in `hexad status`, for people. Pure. */
import type { RecordedOmission } from "../../rc/core/live_record.ts";
import { humanDuration, humanTook } from "../../core/time/human_units.ts";
import { printable } from "../../core/text/printable.ts";
import type { Cell, Column } from "../../core/text/text_table.ts";
import type { OneshotReport, OneshotState } from "./oneshot_report.ts";
import {
  omissionText,
  oneshotSince,
  oneshotState,
  oneshotWords,
  tookMs,
} from "./oneshot_report.ts";
import type { StatusTable } from "./status_table.ts";

const COLUMNS = [
  { title: "ONESHOT", shrinksTo: 12 },
  { title: "STATE", shrinksTo: 20 },
  { title: "TOOK", align: "right", importance: 2 },
  { title: "SINCE", importance: 3 },
  { title: "LAST OUTPUT LINE", shrinksTo: 20, importance: 1 },
] as const satisfies readonly Column[];

const STYLES: Readonly<Record<OneshotState, string>> = {
  "done": "good",
  "skipped": "minor",
  "running": "busy",
  "stopping": "busy",
  "waiting": "busy",
  "failed": "bad",
  "not started": "bad",
  "failed to stop": "bad",
  "down": "minor",
};

/** @param nowMs Unix milliseconds @param leftOut definitions that were not taken in */
export function oneshotTable(
  reports: readonly OneshotReport[],
  leftOut: readonly RecordedOmission[],
  nowMs: number,
): StatusTable {
  return {
    columns: COLUMNS,
    rows: [...reports.map((report) => row(report, nowMs)), ...leftOut.map(omission)],
  };
}

/** What is to be said of a oneshot, by column. @param nowMs Unix milliseconds */
export function oneshotCells(
  report: OneshotReport,
  nowMs: number,
): Readonly<Record<"name" | "state" | "took" | "since" | "line", Cell>> {
  const { service, lastLine } = report;
  const state = oneshotState(service);
  const took = tookMs(report);
  const since = oneshotSince(report);
  return {
    name: { text: printable(service.name), style: "name" },
    state: { text: oneshotWords(service), style: STYLES[state] },
    took: { text: took === undefined ? "-" : humanTook(took) },
    since: { text: since === undefined ? "-" : humanDuration((nowMs - since) / 1000) },
    line: { text: lastLine === undefined ? "-" : printable(lastLine.text), style: "minor" },
  };
}

function row(report: OneshotReport, nowMs: number): Cell[] {
  const { name, state, took, since, line } = oneshotCells(report, nowMs);
  return [name, state, took, since, line];
}

function omission(left: RecordedOmission): Cell[] {
  return [
    { text: printable(left.name), style: "name" },
    { text: `left out, ${printable(omissionText(left))}`, style: "bad" },
    { text: "-" },
    { text: "-" },
    { text: "-", style: "minor" },
  ];
}
