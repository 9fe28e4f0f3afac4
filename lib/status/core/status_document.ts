/**
 * What `hexad status --json` prints; docs/status.schema.json describes it, and programs rely on it:
 * fields may come, none goes or changes its meaning while `format` stays 1. Never the environment
 * of a service, nor its arguments: both hold secrets. Pure.
 */
import { reasonOf } from "../../servicedir/core/death_reasons.ts";
import {
  isDone,
  lastDeath,
  nextStart,
  otherwiseWanted,
  presentReason,
  restarts,
  serviceState,
  startFault,
} from "./service_state.ts";
import {
  isPaused,
  isWantedUp,
  isWell,
  type ServiceFacts,
  type ServiceState,
  stateSince,
} from "./service_state.ts";
import type { HealthState } from "../../health/core/health_machine.ts";
import type { RecordedOmission } from "../../rc/core/live_record.ts";
import { unixMsOf } from "../../rc/core/live_record.ts";
import type { OneshotReport, OneshotState } from "./oneshot_report.ts";
import {
  missedText,
  oneshotExitCode,
  oneshotReason,
  oneshotState,
  tookMs,
} from "./oneshot_report.ts";
import type { ServiceReport } from "./service_report.ts";
import { signalName } from "../../core/linux/signals.ts";
import type { Tain } from "../../core/time/tain.ts";
import { secondsBetween, tainFromUnixMs } from "../../core/time/tain.ts";
import { isoTime } from "../../core/time/utc_time.ts";

export const STATUS_FORMAT = 1;

export interface StatusDocument {
  readonly format: typeof STATUS_FORMAT;
  /** When this was looked at. */
  readonly time: string | null;
  readonly scandir: string | null;
  /**
   * Whether an s6-svscan runs there; null if this user may not know, or no scan directory was
   * looked at.
   */
  readonly scanned: boolean | null;
  /** Whether an /init runs there that has not come to its CMD yet. */
  readonly booting: boolean;
  /** Whether all services are well, and nothing is yet to come. */
  readonly well: boolean;
  readonly services: readonly ServiceDocument[];
  /** Oneshots of s6-rc; steps of /init's own only where something is wrong with them. */
  readonly oneshots: readonly OneshotDocument[];
  /** Definitions for s6-rc that were not taken in. */
  readonly leftOut: readonly {
    readonly name: string;
    /** The definition that is broken: itself, or one that it needs. */
    readonly because: string;
    /** What is wrong with it, if it is broken itself. */
    readonly why: string | null;
  }[];
}

export interface OneshotDocument {
  readonly name: string;
  readonly state: OneshotState;
  readonly well: boolean;
  /** Why it is skipped, has failed, or was not started. */
  readonly reason: string | null;
  /** The service whose failure has kept it from being started. */
  readonly because: string | null;
  /** Of its last script: 128 + signal for a death by signal; null while it runs, or without one. */
  readonly exitCode: number | null;
  readonly started: string | null;
  readonly ended: string | null;
  readonly tookMs: number | null;
  /** Of the output of its last run, where that is kept. */
  readonly lastLine: string | null;
}

export interface ServiceDocument {
  readonly name: string;
  readonly directory: string;
  readonly logger: boolean;
  readonly state: ServiceState;
  readonly well: boolean;
  /** Why the state is unknown, or why `run` could not be started or its exit code says so. */
  readonly fault: string | null;
  readonly paused: boolean;
  readonly wanted: "up" | "down" | null;
  /** The wanted state is not the present one. */
  readonly changing: boolean;
  readonly normally: "up" | "down";
  readonly tellsReadiness: boolean;
  readonly pid: number | null;
  /** When its supervisor adopted the process, which an earlier one had started. */
  readonly adopted: string | null;
  readonly since: string | null;
  readonly sinceSeconds: number | null;
  readonly restarts: number | null;
  /** The tally is full: there may have been more. */
  readonly restartsAtLeast: boolean;
  readonly lastExit: {
    readonly time: string | null;
    readonly exitCode: number | null;
    readonly signal: string | null;
    /** The kernel has killed it for want of memory. */
    readonly outOfMemory: boolean;
  } | null;
  /** When it will be started again, if a delay counts. */
  readonly nextStart: string | null;
  /** Why it is not started again. */
  readonly over: "policy" | "max-restarts" | "finish" | null;
  /** It has ended as it should, and is not started again for that reason. */
  readonly done: boolean;
  /** Why s6-rc was to start it and has not. */
  readonly notStarted: string | null;
  /** What its health checks have found; null: there are none. */
  readonly health: {
    readonly state: HealthState;
    readonly since: string | null;
    /** Failures in a row that count. */
    readonly failures: number;
    /** Why the last check has failed; null: it has not. */
    readonly reason: string | null;
    /** The end of what the last check has written, if it has failed. */
    readonly output: string | null;
  } | null;
  /** Files of its directory that its supervisor does not know, because it is that of C s6. */
  readonly withoutEffect: readonly string[];
  readonly processes: number | null;
  readonly memory: { readonly bytes: number; readonly kind: "pss" | "rss" } | null;
  readonly cpu: { readonly seconds: number; readonly percent: number | null } | null;
  readonly log: {
    /** Null: the last line is kept in memory. */
    readonly directory: string | null;
    readonly lastLine: { readonly time: string | null; readonly text: string } | null;
  } | null;
}

export interface StatusOverview {
  readonly now: Tain;
  readonly scandir: string | undefined;
  readonly scanned: boolean | undefined;
  /** Services are yet to come, and all are asked for. */
  readonly booting: boolean;
  readonly reports: readonly ServiceReport[];
  /** Those that are to be shown. */
  readonly oneshots: readonly OneshotReport[];
  readonly leftOut: readonly RecordedOmission[];
}

/**
 * Where there is no service and nobody who would start one, nothing is well; nor is it where
 * services are yet to come, a oneshot has failed, or a definition was left out.
 */
export function isAllWell(
  { scanned, booting, reports, oneshots, leftOut }: Omit<StatusOverview, "now" | "scandir">,
): boolean {
  return !booting && (reports.length + oneshots.length > 0 || scanned !== false) &&
    leftOut.length === 0 && reports.every(({ facts }) => isWell(facts)) &&
    oneshots.every(({ service }) => missedText(service) === undefined);
}

export function statusDocument(overview: StatusOverview): StatusDocument {
  const { now, scandir, scanned, booting, reports, oneshots, leftOut } = overview;
  return {
    format: STATUS_FORMAT,
    time: isoTime(now) ?? null,
    scandir: scandir ?? null,
    scanned: scanned ?? null,
    booting,
    well: isAllWell(overview),
    services: reports.map((report) => serviceDocument(report, now)),
    oneshots: oneshots.map(oneshotDocument),
    leftOut: leftOut.map(({ name, because, why }) => ({ name, because, why: why ?? null })),
  };
}

function oneshotDocument(report: OneshotReport): OneshotDocument {
  const { service, live, lastLine } = report;
  const { startedMs, endedMs } = service;
  const took = tookMs(report);
  const isoOf = (ms: number | undefined): string | null =>
    ms === undefined ? null : isoTime(tainFromUnixMs(unixMsOf(live, ms))) ?? null;
  return {
    name: service.name,
    state: oneshotState(service),
    well: missedText(service) === undefined,
    reason: oneshotReason(service) ?? null,
    because: service.untried?.because ?? null,
    exitCode: oneshotExitCode(service) ?? null,
    started: isoOf(startedMs),
    ended: isoOf(endedMs),
    tookMs: took === undefined ? null : Math.round(took),
    lastLine: lastLine?.text ?? null,
  };
}

export function serviceDocument(report: ServiceReport, now: Tain): ServiceDocument {
  const { facts, usage } = report;
  const { status } = facts;
  const since = stateSince(facts);
  const wantedUp = isWantedUp(facts);
  const again = restarts(facts);
  const next = nextStart(facts);
  return {
    name: facts.name,
    directory: facts.directory,
    logger: facts.isLogger,
    state: serviceState(facts),
    well: isWell(facts),
    fault: facts.fault ?? startFault(facts) ?? null,
    paused: isPaused(facts),
    wanted: wantedUp === undefined ? null : wantedUp ? "up" : "down",
    changing: otherwiseWanted(facts) !== undefined,
    normally: facts.normallyUp ? "up" : "down",
    tellsReadiness: facts.tellsReadiness,
    pid: status === undefined || status.pid === 0 ? null : status.pid >>> 0,
    adopted: facts.adopted === undefined ? null : isoTime(facts.adopted) ?? null,
    since: since === undefined ? null : isoTime(since) ?? null,
    sinceSeconds: since === undefined ? null : Math.max(0, Number(secondsBetween(now, since))),
    restarts: status === undefined ? null : again.count,
    restartsAtLeast: again.atLeast,
    lastExit: exitDocument(report),
    nextStart: next === undefined ? null : isoTime(next) ?? null,
    over: wantedUp === false ? presentReason(facts)?.over ?? null : null,
    done: isDone(facts),
    notStarted: facts.missed ?? null,
    health: healthDocument(facts),
    withoutEffect: facts.withoutEffect ?? [],
    processes: usage?.processes ?? null,
    memory: usage === undefined ? null : { bytes: usage.memoryBytes, kind: usage.memoryKind },
    cpu: usage === undefined
      ? null
      : { seconds: usage.cpuSeconds, percent: report.cpuPercent ?? null },
    log: logDocument(report),
  };
}

function healthDocument({ health }: ServiceFacts): ServiceDocument["health"] {
  return health === undefined ? null : {
    state: health.state,
    since: isoTime(health.since) ?? null,
    failures: health.failures,
    reason: health.why ?? null,
    output: health.output ?? null,
  };
}

function exitDocument({ facts }: ServiceReport): ServiceDocument["lastExit"] {
  const death = lastDeath(facts);
  if (death === undefined) return null;
  const signalled = death.sig !== 0;
  return {
    time: isoTime(death.stamp) ?? null,
    exitCode: signalled ? null : death.exitcode,
    signal: signalled ? signalText(death.sig) : null,
    outOfMemory: reasonOf(facts.reasons, death.stamp)?.oom === true,
  };
}

/** The name, or the number of a signal that has none. */
export function signalText(signal: number): string {
  const name = signalName(signal);
  return name.startsWith("SIG") ? name : String(signal);
}

function logDocument({ logdir, lastLine }: ServiceReport): ServiceDocument["log"] {
  if (logdir === undefined && lastLine === undefined) return null;
  const directory = logdir ?? null;
  if (lastLine === undefined) return { directory, lastLine: null };
  const time = lastLine.time === undefined ? undefined : isoTime(lastLine.time);
  return { directory, lastLine: { time: time ?? null, text: lastLine.text } };
}
