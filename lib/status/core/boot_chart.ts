/**
 * What a boot was like: how long each service waited and ran, and which of them the end of the boot
 * had to wait for. Out of the record of a live folder's first change, and of the graph. Pure.
 */
import type { RcDatabase } from "../../rc/core/database.ts";
import type { LiveRecord, RecordedService } from "../../rc/core/live_record.ts";
import { missedText } from "./oneshot_report.ts";

export type BootOutcome = "up" | "skipped" | "failed" | "not started" | "under way";

/** One service of the boot. Milliseconds since its beginning. */
export interface BootEntry {
  readonly name: string;
  readonly type: "oneshot" | "longrun";
  readonly isStep: boolean;
  readonly outcome: BootOutcome;
  /** Why it has failed, was skipped or not started. */
  readonly reason: string | undefined;
  readonly wishedMs: number;
  /** Undefined if nobody got to it. */
  readonly startedMs: number | undefined;
  /** When it was up, and ready if it tells that, or had failed; undefined as long as it was not. */
  readonly endedMs: number | undefined;
}

export interface BootChart {
  readonly beganMonotonicMs: number;
  /** It is over. */
  readonly isOver: boolean;
  readonly tookMs: number;
  /** In the order in which they were started; those that were not are the last. */
  readonly entries: readonly BootEntry[];
  /** From the first that was started to the last that was up: each waited for the one before. */
  readonly criticalChain: readonly BootEntry[];
}

/** How long it ran, or has been running. */
export function ranMs({ startedMs, endedMs }: BootEntry, { tookMs }: BootChart): number {
  return startedMs === undefined ? 0 : Math.max(0, (endedMs ?? tookMs) - startedMs);
}

/** How long it waited for its turn. */
export function waitedMs({ wishedMs, startedMs, endedMs }: BootEntry, chart: BootChart): number {
  return Math.max(0, (startedMs ?? endedMs ?? chart.tookMs) - wishedMs);
}

/**
 * Undefined if nothing has been changed so far.
 *
 * @param database undefined if it can't be read: then there is no chain
 */
export function bootChart(
  record: LiveRecord,
  database: RcDatabase | undefined,
): BootChart | undefined {
  const wished = record.services.filter(({ wishedMs }) => wishedMs !== undefined);
  if (wished.length === 0) return undefined;
  const beganMs = wished.reduce((min, { wishedMs }) => Math.min(min, wishedMs!), Infinity);
  const entries = wished.map((service) => entryOf(service, beganMs)).sort((a, b) =>
    (a.startedMs ?? Infinity) - (b.startedMs ?? Infinity) || 0
  );
  const lastMs = entries.reduce((max, { endedMs }) => Math.max(max, endedMs ?? 0), 0);
  const chart = {
    beganMonotonicMs: beganMs,
    isOver: !record.busy,
    tookMs: record.busy ? record.monotonicMs - beganMs : lastMs,
    entries,
  };
  return { ...chart, criticalChain: criticalChain(entries, database) };
}

function outcomeOf(service: RecordedService): BootOutcome {
  const { progress, failure, skipped } = service;
  if (progress === "up") return skipped === undefined ? "up" : "skipped";
  if (missedText(service) === undefined) return progress === "down" ? "up" : "under way";
  return failure?.direction === "up" && service.untried === undefined ? "failed" : "not started";
}

function entryOf(service: RecordedService, beganMs: number): BootEntry {
  const { name, type, isStep, wishedMs, startedMs, endedMs, skipped } = service;
  const since = (ms: number | undefined): number | undefined =>
    ms === undefined ? undefined : ms - beganMs;
  return {
    name,
    type,
    isStep,
    outcome: outcomeOf(service),
    reason: missedText(service) ?? skipped,
    wishedMs: wishedMs! - beganMs,
    startedMs: since(startedMs),
    endedMs: since(endedMs),
  };
}

/** Whom the last one waited for longest, whom that waited for longest, and so on. */
function criticalChain(
  entries: readonly BootEntry[],
  database: RcDatabase | undefined,
): BootEntry[] {
  if (database === undefined) return [];
  const byName = new Map(
    entries.filter(({ startedMs, endedMs }) => startedMs !== undefined && endedMs !== undefined)
      .map((entry) => [entry.name, entry]),
  );
  const services = new Map(database.services.map((service) => [service.name, service]));
  const latest = (found: readonly (BootEntry | undefined)[]): BootEntry | undefined =>
    found.reduce(
      (last, each) =>
        last === undefined || each !== undefined && each.endedMs! > last.endedMs! ? each : last,
      undefined,
    );
  const chain: BootEntry[] = [];
  let next = latest([...byName.values()]);
  while (next !== undefined && !chain.includes(next)) {
    chain.unshift(next);
    const service = services.get(next.name);
    if (service === undefined) break;
    const { startedMs } = next;
    const { dependencies, wants, after } = service;
    next = latest(
      [...dependencies.map(({ on }) => on), ...wants, ...after]
        .map((number) => byName.get(database.services[number]?.name ?? ""))
        .filter((entry) => entry !== undefined && entry.endedMs! <= startedMs!),
    );
  }
  return chain;
}

/** Those that ran longest, the longest first. */
export function slowest(chart: BootChart, count: number): BootEntry[] {
  return chart.entries.filter(({ startedMs }) => startedMs !== undefined)
    .toSorted((a, b) => ranMs(b, chart) - ranMs(a, chart)).slice(0, count);
}

/** `27 services in 0.4 s, 2 failed`. */
export function bootHeadline(chart: BootChart): string {
  const { entries, tookMs, isOver } = chart;
  const own = entries.filter(({ isStep }) => !isStep);
  const count = (outcome: BootOutcome): number =>
    entries.filter((entry) => entry.outcome === outcome).length;
  const parts = [
    `${own.length} ${own.length === 1 ? "service" : "services"} in ${(tookMs / 1000).toFixed(1)} s`,
  ];
  for (const outcome of ["failed", "not started", "skipped", "under way"] as const) {
    if (count(outcome) > 0) parts.push(`${count(outcome)} ${outcome}`);
  }
  return `${parts.join(", ")}${isOver ? "" : ", and the boot goes on"}`;
}
