/** The metrics of services: their states, deaths, health and what their processes use. Pure. */
import { deathCause, type ServiceCounts, USUAL_CAUSES } from "../../counters/core/counts.ts";
import { type Tain, tainToUnix } from "../../core/time/tain.ts";
import { HEALTH_STATES } from "../../health/core/health_machine.ts";
import { reasonOf } from "../../servicedir/core/death_reasons.ts";
import {
  isPaused,
  isWantedUp,
  isWell,
  nextStart,
  restarts,
  SERVICE_STATES,
  type ServiceFacts,
  serviceState,
  stateSince,
} from "../../status/core/service_state.ts";
import type { Figures, ServiceReading } from "./reading.ts";
import type { Samples } from "./samples.ts";

export function flag(value: boolean): 0 | 1 {
  return value ? 1 : 0;
}

/** Seconds since 1970, with the fraction. */
export function unixSeconds(stamp: Tain): number {
  const { seconds, nano } = tainToUnix(stamp);
  return Number(seconds) + nano / 1e9;
}

/** @param counts What has been counted of it in memory, if it could be asked */
export function addService(
  samples: Samples,
  { facts, figures }: ServiceReading,
  counts: Omit<ServiceCounts, "name"> | undefined,
): void {
  const own = { service: facts.name };
  addState(samples, own, facts);
  const { count, atLeast } = restarts(facts);
  const isKnown = facts.status !== undefined && !atLeast && facts.maxDeaths > 0;
  samples.add("hexad_service_restarts", own, isKnown ? count : undefined);
  const deaths = counts === undefined ? talliedDeaths(facts) : counts.deaths ?? {};
  if (deaths !== undefined) addDeaths(samples, own, deaths);
  addHealth(samples, own, facts);
  const { health } = counts ?? {};
  if (health !== undefined) {
    for (const result of ["success", "failure", "unable"] as const) {
      samples.add("hexad_health_checks", { ...own, result }, health[result]);
    }
    samples.add("hexad_health_check_duration_seconds", own, {
      count: health.success + health.failure,
      sumSeconds: health.seconds,
    });
  }
  if (figures !== undefined) addFigures(samples, own, figures);
}

type Own = { readonly service: string };

function addState(samples: Samples, own: Own, facts: ServiceFacts): void {
  const { status, tellsReadiness } = facts;
  const state = serviceState(facts);
  const isUp = state === "up" || state === "ready";
  const wanted = isWantedUp(facts);
  const since = stateSince(facts);
  const next = nextStart(facts);
  // what can't be read is not down
  if (facts.fault === undefined) {
    samples.add("hexad_service_up", own, flag(isUp));
    if (tellsReadiness) samples.add("hexad_service_ready", own, flag(state === "ready"));
    samples.add("hexad_service_paused", own, flag(isPaused(facts)));
    samples.add("hexad_service_adopted", own, flag(facts.adopted !== undefined));
  }
  samples.add("hexad_service_wanted_up", own, wanted === undefined ? undefined : flag(wanted));
  samples.add("hexad_service_well", own, flag(isWell(facts)));
  for (const each of SERVICE_STATES) {
    samples.add("hexad_service_state", { ...own, state: each }, flag(state === each));
  }
  const changed = since === undefined ? undefined : unixSeconds(since);
  samples.add("hexad_service_changed_timestamp_seconds", own, changed);
  const nextAt = next === undefined ? undefined : unixSeconds(next);
  samples.add("hexad_service_next_start_timestamp_seconds", own, nextAt);
  if (tellsReadiness && state === "ready" && status !== undefined) {
    const took = unixSeconds(status.readystamp) - unixSeconds(status.stamp);
    samples.add("hexad_service_readiness_seconds", own, Math.max(0, took));
  }
}

/** Causes are 0 before they are 1, or nobody would see that they have grown; signals are too many. */
function addDeaths(samples: Samples, own: Own, deaths: Readonly<Record<string, number>>): void {
  for (const cause of USUAL_CAUSES) {
    samples.add("hexad_service_deaths", { ...own, cause }, deaths[cause] ?? 0);
  }
  for (const [cause, count] of Object.entries(deaths)) {
    samples.add("hexad_service_deaths", { ...own, cause }, count);
  }
}

/** Of the tally, as long as it holds all deaths. */
function talliedDeaths(facts: ServiceFacts): Readonly<Record<string, number>> | undefined {
  const { deaths, maxDeaths, reasons, status } = facts;
  if (status === undefined || deaths.length >= maxDeaths) return undefined;
  const causes: Record<string, number> = {};
  for (const { stamp, exitcode, sig } of deaths) {
    const oom = reasonOf(reasons, stamp)?.oom === true;
    const cause = deathCause(sig === 0 ? exitcode << 8 : sig, oom);
    causes[cause] = (causes[cause] ?? 0) + 1;
  }
  return causes;
}

function addHealth(samples: Samples, own: Own, { health }: ServiceFacts): void {
  if (health === undefined) return;
  for (const state of HEALTH_STATES) {
    samples.add("hexad_health_state", { ...own, state }, flag(health.state === state));
  }
  samples.add("hexad_health_changed_timestamp_seconds", own, unixSeconds(health.since));
  samples.add("hexad_health_consecutive_failures", own, health.failures);
}

function addFigures(samples: Samples, own: Own, figures: Figures): void {
  samples.add("hexad_service_processes", own, figures.processes);
  samples.add("hexad_service_resident_memory_bytes", own, figures.residentBytes);
  samples.add("hexad_service_proportional_memory_bytes", own, figures.proportionalBytes);
  samples.add("hexad_service_cpu_seconds", own, figures.cpuSeconds);
  samples.add("hexad_service_open_descriptors", own, figures.openDescriptors);
}
