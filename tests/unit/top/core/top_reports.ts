/** Services for the tests of `hexad top`, as a look would tell of them. */
import type { ServiceReport } from "../../../../lib/status/core/service_report.ts";
import type { RecordedService } from "../../../../lib/rc/core/live_record.ts";
import type { OneshotReport } from "../../../../lib/status/core/oneshot_report.ts";
import type { TopLook } from "../../../../lib/top/core/top_state.ts";
import { tainFromUnix } from "../../../../lib/core/time/tain.ts";

export const NOW = tainFromUnix(2000, 0);

export interface ReportSpec {
  readonly up?: boolean;
  readonly wantedUp?: boolean;
  readonly sinceUnix?: number;
  readonly cpuPercent?: number;
  readonly memoryBytes?: number;
  readonly deaths?: number;
  readonly line?: string;
  readonly isLogger?: boolean;
}

export function reportOf(name: string, spec: ReportSpec = {}): ServiceReport {
  const {
    up = true,
    wantedUp = true,
    sinceUnix = 1000,
    cpuPercent,
    memoryBytes,
    deaths = 0,
    line,
    isLogger = false,
  } = spec;
  const stamp = tainFromUnix(sinceUnix, 0);
  return {
    facts: {
      name,
      directory: `/run/service/${name}`,
      isLogger,
      supervised: true,
      status: {
        stamp,
        readystamp: stamp,
        pid: up ? 42 : 0,
        wstat: 0,
        flagpaused: false,
        flagfinishing: false,
        flagwantup: wantedUp,
        flagready: false,
      },
      tellsReadiness: false,
      isHosted: false,
      normallyUp: true,
      deaths: Array.from(
        { length: deaths },
        () => ({ stamp: tainFromUnix(1500, 0), exitcode: 1, sig: 0 }),
      ),
      maxDeaths: 100,
      reasons: [],
    },
    ...(memoryBytes === undefined
      ? {}
      : { usage: { processes: 1, memoryKind: "pss", memoryBytes, cpuSeconds: 1 } }),
    ...(cpuPercent === undefined ? {} : { cpuPercent }),
    ...(line === undefined ? {} : { lastLine: { text: line } }),
  };
}

export function lookOf(
  reports: readonly ServiceReport[],
  oneshots: readonly OneshotReport[] = [],
  leftOut: TopLook["leftOut"] = [],
): TopLook {
  return { reports, oneshots, leftOut };
}

/** It has run to its end, ten seconds ago. */
export const RAN = { startedMs: 1000, endedMs: 1200 } as const;

export function oneshotOf(name: string, fields: Partial<RecordedService> = {}): OneshotReport {
  return {
    service: {
      name,
      type: "oneshot",
      isStep: false,
      progress: "up",
      ...fields,
    },
    live: {
      format: 1,
      pid: 1,
      prefix: "",
      monotonicMs: 11_200,
      unixMs: 2_000_000,
      busy: false,
      leftOut: [],
      services: [],
    },
    folder: "/run/s6-rc",
    lastLine: { text: `${name} says` },
  };
}
