/**
 * A service's report out of its document: what `serviceDocument` (lib/status/core) has made of one,
 * the other way round. What a document does not tell is chosen so that the report says the same.
 * Pure.
 */
import { exitStatusOf } from "../../core/linux/wstat.ts";
import { signalNumber } from "../../core/linux/signals.ts";
import { type Tain, tainFromUnix } from "../../core/time/tain.ts";
import type { HealthRecord } from "../../health/core/health_record.ts";
import type { DeathReason } from "../../servicedir/core/death_reasons.ts";
import type { Death } from "../../servicedir/core/dtally.ts";
import type { Svstatus } from "../../servicedir/core/svstatus.ts";
import type { LastLine, ServiceReport } from "../../status/core/service_report.ts";
import type { ServiceFacts } from "../../status/core/service_state.ts";
import type { ServiceDocument } from "../../status/core/status_document.ts";
import { parseIsoTime } from "./parse_iso_time.ts";

const EXIT_FAILURE = 1 << 8;
const NEVER: Tain = tainFromUnix(0, 0);
/** More deaths than this are only counted. */
const MOST_DEATHS = 4096;

export function serviceReportOf(document: ServiceDocument): ServiceReport {
  const { cpu, memory, processes, log } = document;
  const usage = processes === null || memory === null || cpu === null ? undefined : {
    processes,
    memoryKind: memory.kind,
    memoryBytes: memory.bytes,
    cpuSeconds: cpu.seconds,
  };
  const percent = cpu?.percent ?? undefined;
  const line = log?.lastLine ?? undefined;
  const directory = log?.directory ?? undefined;
  return {
    facts: factsOf(document),
    ...(usage === undefined ? {} : { usage }),
    ...(percent === undefined ? {} : { cpuPercent: percent }),
    ...(directory === undefined ? {} : { logdir: directory }),
    ...(line === undefined ? {} : { lastLine: lineOf(line) }),
  };
}

function lineOf({ time, text }: { readonly time: string | null; readonly text: string }): LastLine {
  const stamp = parseIsoTime(time);
  return { text, ...(stamp === undefined ? {} : { time: stamp }) };
}

function factsOf(document: ServiceDocument): ServiceFacts {
  const { name, directory, logger, state, tellsReadiness, normally, fault } = document;
  const adopted = parseIsoTime(document.adopted ?? null); // an older hexad has none
  const base = {
    name,
    directory,
    isLogger: logger,
    tellsReadiness,
    isHosted: false,
    normallyUp: normally === "up",
    deaths: [],
    maxDeaths: MOST_DEATHS,
    reasons: [],
    ...(adopted === undefined ? {} : { adopted }),
    ...(document.notStarted === null ? {} : { missed: document.notStarted }),
    ...(document.withoutEffect.length === 0 ? {} : { withoutEffect: document.withoutEffect }),
  };
  if (state === "unknown") return { ...base, supervised: false, fault: fault ?? "unknown" };
  if (state === "not supervised") return { ...base, supervised: false };
  const status = statusOf(document);
  const health = healthOf(document, status);
  return {
    ...base,
    supervised: true,
    status,
    ...deathsOf(document, status),
    ...(health === undefined ? {} : { health }),
  };
}

function statusOf(
  { state, pid, since, wanted, paused, lastExit, over, done }: ServiceDocument,
): Svstatus {
  const stamp = parseIsoTime(since);
  const wstat = lastExit === null ? 0 : wstatOf(lastExit);
  return {
    stamp: stamp ?? NEVER,
    readystamp: stamp ?? NEVER,
    pid: pid ?? 0,
    // what has not ended as it should has failed
    wstat: wstat === 0 && over !== null && !done ? EXIT_FAILURE : wstat,
    // without a pid, this says that it was never started
    flagpaused: pid === null ? stamp === undefined : paused,
    flagfinishing: state === "finishing",
    flagwantup: wanted === "up",
    flagready: state === "ready",
  };
}

function wstatOf({ exitCode, signal }: NonNullable<ServiceDocument["lastExit"]>): number {
  return signal === null ? (exitCode ?? 0) << 8 : signalNumber(signal) ?? 0;
}

/** As many deaths as make its restarts, each the last one; many are only counted. */
function deathsOf(
  { lastExit, restarts, restartsAtLeast, nextStart, over, done, fault, pid }: ServiceDocument,
  status: Svstatus,
): Pick<ServiceFacts, "deaths" | "maxDeaths" | "reasons"> {
  const next = parseIsoTime(nextStart);
  const isRunning = status.pid !== 0 && !status.flagfinishing;
  const present: DeathReason = {
    stamp: status.stamp,
    oom: false,
    ...(next === undefined ? {} : { next }),
    ...(over === null ? {} : { over }),
    ...(done ? { done } : {}),
    ...(fault === null ? {} : { fault }),
  };
  const reasons = pid === null ? [present] : [];
  if (lastExit === null) return { deaths: [], maxDeaths: MOST_DEATHS, reasons };
  const wstat = wstatOf(lastExit);
  const death: Death = {
    stamp: parseIsoTime(lastExit.time) ?? NEVER,
    exitcode: exitStatusOf(wstat),
    sig: lastExit.signal === null ? 0 : wstat,
  };
  const count = Math.max(1, (restarts ?? 0) + (isRunning ? 0 : 1));
  const last = { stamp: death.stamp, oom: lastExit.outOfMemory };
  if (restartsAtLeast) {
    const deaths = new Array<Death>(Math.min(count, MOST_DEATHS)).fill(death);
    return { deaths, maxDeaths: deaths.length, reasons: [last, ...reasons] };
  }
  const counted: DeathReason = count > 1 ? { ...last, deaths: count } : last;
  return { deaths: [death], maxDeaths: MOST_DEATHS, reasons: [counted, ...reasons] };
}

function healthOf(
  { health }: ServiceDocument,
  { stamp }: Svstatus,
): HealthRecord | undefined {
  if (health === null) return undefined;
  const { state, since, failures, reason, output } = health;
  return {
    life: stamp,
    state,
    since: parseIsoTime(since) ?? NEVER,
    failures,
    ...(reason === null ? {} : { why: reason }),
    ...(output === null ? {} : { output }),
  };
}
