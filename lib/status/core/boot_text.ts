/** `hexad boot` for people: the critical chain, the slowest, and a line for each service. Pure. */
import { humanTook } from "../../core/time/human_units.ts";
import { printable } from "../../core/text/printable.ts";
import type { Cell, Column } from "../../core/text/text_table.ts";
import type { BootChart, BootEntry, BootOutcome } from "./boot_chart.ts";
import { ranMs, slowest, waitedMs } from "./boot_chart.ts";
import type { StatusTable } from "./status_table.ts";

const SLOWEST_COUNT = 5;
const BAR_WIDTH = 40;
/** Steps of /init's own that took less say nothing. */
const SHORTEST_STEP_MS = 10;

const STYLES: Readonly<Record<BootOutcome, string>> = {
  "up": "good",
  "skipped": "minor",
  "failed": "bad",
  "not started": "bad",
  "under way": "busy",
};

const LEAF_COLUMNS = [
  { title: "CRITICAL CHAIN", shrinksTo: 12 },
  { title: "FROM", align: "right" },
  { title: "RAN", align: "right" },
] as const satisfies readonly Column[];

const SLOWEST_COLUMNS = [
  { title: "SLOWEST", shrinksTo: 12 },
  { title: "RAN", align: "right" },
] as const satisfies readonly Column[];

const COLUMNS = [
  { title: "SERVICE", shrinksTo: 12 },
  { title: "STATE", shrinksTo: 14 },
  { title: "WAITED", align: "right", importance: 3 },
  { title: "RAN", align: "right", importance: 4 },
  { title: "", importance: 2 },
] as const satisfies readonly Column[];

/** The services that a chart shows. */
export function shownEntries(chart: BootChart): BootEntry[] {
  return chart.entries.filter((entry) =>
    !entry.isStep || entry.outcome !== "up" || ranMs(entry, chart) >= SHORTEST_STEP_MS
  );
}

/** The tables, in the order in which they are shown. */
export function bootTables(chart: BootChart): StatusTable[] {
  const name = (entry: BootEntry): Cell => ({ text: printable(entry.name), style: "name" });
  const ran = (entry: BootEntry): Cell => ({
    text: entry.startedMs === undefined ? "-" : humanTook(ranMs(entry, chart)),
  });
  const chain = chart.criticalChain.map((entry) => [
    name(entry),
    { text: `+${humanTook(entry.startedMs!)}` },
    ran(entry),
  ]);
  return [
    ...(chain.length === 0 ? [] : [{ columns: LEAF_COLUMNS, rows: chain }]),
    {
      columns: SLOWEST_COLUMNS,
      rows: slowest(chart, SLOWEST_COUNT).map((entry) => [name(entry), ran(entry)]),
    },
    {
      columns: COLUMNS,
      rows: shownEntries(chart).map((entry) => [
        name(entry),
        { text: stateText(entry), style: STYLES[entry.outcome] },
        { text: humanTook(waitedMs(entry, chart)) },
        ran(entry),
        { text: bar(entry, chart), style: "minor" },
      ]),
    },
  ];
}

function stateText({ outcome, reason }: BootEntry): string {
  if (reason === undefined) return outcome;
  return outcome === "skipped" ? `skipped, ${printable(reason)}` : printable(reason);
}

/** `  ....###`: dots while it waited, number signs while it ran. */
function bar(entry: BootEntry, chart: BootChart): string {
  const { wishedMs, startedMs } = entry;
  const cells = (ms: number): number =>
    chart.tookMs <= 0 ? 0 : Math.min(BAR_WIDTH, Math.round(ms / chart.tookMs * BAR_WIDTH));
  const from = cells(wishedMs);
  const begin = cells(startedMs ?? wishedMs + waitedMs(entry, chart));
  const waiting = " ".repeat(from) + ".".repeat(Math.max(0, begin - from));
  if (startedMs === undefined) return waiting;
  return waiting + "#".repeat(Math.max(1, cells(startedMs + ranMs(entry, chart)) - begin));
}
