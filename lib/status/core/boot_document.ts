/** What `hexad boot --json` prints; docs/boot.schema.json describes it. Pure. */
import { isoTime } from "../../core/time/utc_time.ts";
import { tainFromUnixMs } from "../../core/time/tain.ts";
import type { LiveRecord, RecordedOmission } from "../../rc/core/live_record.ts";
import { unixMsOf } from "../../rc/core/live_record.ts";
import type { BootChart, BootOutcome } from "./boot_chart.ts";
import { ranMs, waitedMs } from "./boot_chart.ts";

export const BOOT_FORMAT = 1;

export interface BootDocument {
  readonly format: typeof BOOT_FORMAT;
  readonly live: string;
  readonly began: string | null;
  readonly tookMs: number;
  readonly over: boolean;
  /** In the order in which they were started. */
  readonly services: readonly BootServiceDocument[];
  /** Names: each waited for the one before. */
  readonly criticalChain: readonly string[];
  readonly leftOut: readonly RecordedOmission[];
}

export interface BootServiceDocument {
  readonly name: string;
  readonly type: "oneshot" | "longrun";
  /** It is a step of /init's own. */
  readonly step: boolean;
  readonly outcome: BootOutcome;
  readonly reason: string | null;
  /** Milliseconds since the boot began. */
  readonly startedMs: number | null;
  readonly endedMs: number | null;
  readonly waitedMs: number;
  readonly ranMs: number | null;
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}

export function bootDocument(chart: BootChart, live: string, record: LiveRecord): BootDocument {
  return {
    format: BOOT_FORMAT,
    live,
    began: isoTime(tainFromUnixMs(unixMsOf(record, chart.beganMonotonicMs))) ?? null,
    tookMs: rounded(chart.tookMs),
    over: chart.isOver,
    services: chart.entries.map((entry) => ({
      name: entry.name,
      type: entry.type,
      step: entry.isStep,
      outcome: entry.outcome,
      reason: entry.reason ?? null,
      startedMs: entry.startedMs === undefined ? null : rounded(entry.startedMs),
      endedMs: entry.endedMs === undefined ? null : rounded(entry.endedMs),
      waitedMs: rounded(waitedMs(entry, chart)),
      ranMs: entry.startedMs === undefined ? null : rounded(ranMs(entry, chart)),
    })),
    criticalChain: chart.criticalChain.map(({ name }) => name),
    leftOut: record.leftOut,
  };
}
