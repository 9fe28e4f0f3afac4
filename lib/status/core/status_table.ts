/** The table of `hexad status`, for people: what each column says about a service. Pure. */
import type { HealthRecord } from "../../health/core/health_record.ts";
import { deathWords } from "./death_words.ts";
import { humanBytes, humanCpuTime, humanDuration } from "../../core/time/human_units.ts";
import { printable } from "../../core/text/printable.ts";
import type { ServiceReport, Usage } from "./service_report.ts";
import type { ServiceFacts, ServiceState } from "./service_state.ts";
import {
  isPaused,
  isUnhealthy,
  isWell,
  lastDeath,
  nextStart,
  otherwiseWanted,
  restarts,
  serviceState,
  startFault,
  stateSince,
  stateWord,
} from "./service_state.ts";
import type { Tain } from "../../core/time/tain.ts";
import { secondsBetween } from "../../core/time/tain.ts";
import type { Cell, Column } from "../../core/text/text_table.ts";

const COLUMNS = {
  name: { title: "SERVICE", shrinksTo: 12 },
  state: { title: "STATE", shrinksTo: 14 },
  pid: { title: "PID", align: "right", importance: 2 },
  since: { title: "SINCE", importance: 8 },
  restarts: { title: "RESTARTS", align: "right", importance: 6 },
  death: { title: "LAST EXIT", importance: 7 },
  memory: { title: "MEM", align: "right", importance: 3 },
  cpu: { title: "CPU", align: "right", importance: 1 },
  percent: { title: "%CPU", align: "right", importance: 4 },
  line: { title: "LAST LOG LINE", shrinksTo: 20, importance: 5 },
} as const satisfies Record<string, Column>;

export interface StatusTable {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** What else is to be said of each row, in lines below it. */
  readonly notes?: readonly (readonly string[])[];
}

/** What a row says of something that is no service. */
export type OtherCells = Readonly<Record<"name" | "state" | "since" | "line", Cell>>;

/**
 * @param percent With the column of the processor's share, which only a second look can tell
 * @param others Rows below those of the services
 */
export function statusTable(
  reports: readonly ServiceReport[],
  now: Tain,
  options: { readonly percent: boolean },
  others: readonly OtherCells[] = [],
): StatusTable {
  const kinds = new Set(
    reports.map(({ usage }) => usage?.memoryKind).filter((kind) => kind !== undefined),
  );
  const memoryTitle = kinds.size === 1 ? [...kinds][0]!.toUpperCase() : COLUMNS.memory.title;
  const { name, state, pid, since, restarts, death, memory, cpu, percent, line } = COLUMNS;
  return {
    columns: [
      name,
      state,
      pid,
      since,
      restarts,
      death,
      { ...memory, title: memoryTitle },
      cpu,
      ...(options.percent ? [percent] : []),
      line,
    ],
    rows: [
      ...reports.map((report) => row(report, now, { ...options, mixed: kinds.size > 1 })),
      ...others.map((cells) => otherRow(cells, options)),
    ],
    notes: reports.map(({ facts }) => notesOn(facts)),
  };
}

function row(
  report: ServiceReport,
  now: Tain,
  options: { readonly percent: boolean; readonly mixed: boolean },
): Cell[] {
  const { facts, usage, cpuPercent, lastLine } = report;
  const { status } = facts;
  const since = stateSince(facts);
  return [
    { text: printable(facts.name), style: facts.isLogger ? "minor" : "name" },
    { text: stateWords(facts, now), style: stateStyle(facts) },
    { text: status === undefined || status.pid === 0 ? "-" : String(status.pid >>> 0) },
    { text: since === undefined ? "-" : ago(since, now) },
    { text: restartsText(facts) },
    { text: deathText(facts, now) },
    { text: usage === undefined ? "-" : memoryText(usage, options.mixed) },
    { text: usage === undefined ? "-" : humanCpuTime(usage.cpuSeconds) },
    ...(options.percent ? [{ text: cpuPercent === undefined ? "-" : cpuPercent.toFixed(1) }] : []),
    { text: lastLine === undefined ? "-" : printable(lastLine.text), style: "minor" },
  ];
}

function otherRow(
  { name, state, since, line }: OtherCells,
  options: { readonly percent: boolean },
): Cell[] {
  const none: Cell = { text: "-" };
  const percent = options.percent ? [none] : [];
  return [name, state, none, since, none, none, none, none, ...percent, line];
}

/** Why it could not be started, and which of its files are in vain. */
export function notesOn(facts: ServiceFacts): string[] {
  const fault = startFault(facts);
  const { withoutEffect } = facts;
  return [
    ...(fault === undefined ? [] : [printable(fault)]),
    ...(withoutEffect === undefined
      ? []
      : [`no effect under the s6-supervise of C s6: ${withoutEffect.join(", ")}`]),
  ];
}

/**
 * The state, and what is wanted if that is something else, or when or why not it will be started
 * again.
 */
export function stateWords(facts: ServiceFacts, now: Tain): string {
  const wanted = otherwiseWanted(facts);
  const words: string[] = [stateWord(facts)];
  if (facts.fault !== undefined) words.push(printable(facts.fault));
  if (words[0] === "up" && facts.tellsReadiness) words.push("not ready");
  if (facts.health !== undefined) words.push(healthWords(facts.health));
  if (isPaused(facts)) words.push("paused");
  if (facts.adopted !== undefined) words.push(`adopted ${ago(facts.adopted, now)} ago`);
  const next = nextStart(facts);
  if (next !== undefined) {
    words.push(`again in ${humanDuration(Number(secondsBetween(next, now)))}`);
  }
  if (words[0] === "down" && facts.missed !== undefined) words.push(printable(facts.missed));
  if (wanted !== undefined && words[0] !== "backing off") words.push(`wanted ${wanted}`);
  return words.join(", ");
}

function healthWords({ state, why }: HealthRecord): string {
  if (state === "starting") return "not healthy yet";
  return state === "unhealthy" && why !== undefined ? `unhealthy: ${printable(why)}` : state;
}

const STYLES: Readonly<Record<ServiceState, string>> = {
  "ready": "good",
  "up": "good",
  "finishing": "busy",
  "backing off": "bad",
  "failed": "bad",
  "down": "minor",
  "not supervised": "bad",
  "unknown": "bad",
};

export function stateStyle(facts: ServiceFacts): string {
  const style = STYLES[serviceState(facts)];
  if (style === "minor" && !isWell(facts)) return "bad";
  if (style === "good" && isUnhealthy(facts)) return "bad";
  return style === "good" && !isWell(facts) ? "busy" : style;
}

function ago(stamp: Tain, now: Tain): string {
  return humanDuration(Number(secondsBetween(now, stamp)));
}

function restartsText(facts: ServiceFacts): string {
  if (facts.status === undefined) return "-";
  const { count, atLeast } = restarts(facts);
  return atLeast ? `${count}+` : String(count);
}

function deathText(facts: ServiceFacts, now: Tain): string {
  const death = lastDeath(facts);
  return death === undefined
    ? "-"
    : `${deathWords(death, facts.reasons)}, ${ago(death.stamp, now)} ago`;
}

function memoryText({ memoryBytes, memoryKind }: Usage, mixed: boolean): string {
  return mixed ? `${humanBytes(memoryBytes)} ${memoryKind}` : humanBytes(memoryBytes);
}
