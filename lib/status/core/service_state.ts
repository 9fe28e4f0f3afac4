/**
 * What is to be said about a service, out of what its supervisor has written: its state in one
 * word, and whether all is well with it.
 *
 * | state | when |
 * |---|---|
 * | ready | `run` runs and has told that it is ready |
 * | up | `run` runs; it has not told that it is ready, or never does |
 * | finishing | `run` has died and `finish` runs |
 * | backing off | nothing runs, but the service is wanted up: it will be started again, or can't be |
 * | failed | nothing runs and nothing will: it has died too often, or its `finish` has said that it failed for good (told by our supervisor only) |
 * | down | nothing runs, and that is what is wanted |
 * | not supervised | no supervisor is there to do anything |
 * | unknown | this user may not look, or what is there makes no sense |
 *
 * Source: s6, doc/s6-svstat.html, doc/servicedir.html. Pure.
 */
import { type DeathReason, reasonOf } from "../../servicedir/core/death_reasons.ts";
import type { Death } from "../../servicedir/core/dtally.ts";
import type { HealthRecord } from "../../health/core/health_record.ts";
import { neverStarted } from "../../servicedir/core/svstat_line.ts";
import type { Svstatus } from "../../servicedir/core/svstatus.ts";
import type { Tain } from "../../core/time/tain.ts";
import { exitStatusOf, wifsignaled, wtermsig } from "../../core/linux/wstat.ts";

export const SERVICE_STATES = [
  "ready",
  "up",
  "finishing",
  "backing off",
  "failed",
  "down",
  "not supervised",
  "unknown",
] as const;
export type ServiceState = typeof SERVICE_STATES[number];

/** What could be read about a service. */
export interface ServiceFacts {
  /** As it is called in the scan directory: `web`, and `web/log` for its logger. */
  readonly name: string;
  readonly directory: string;
  readonly isLogger: boolean;
  readonly supervised: boolean;
  /** Why the state is unknown. */
  readonly fault?: string;
  /** Present if it is supervised and could be read. */
  readonly status?: Svstatus;
  /** It has a `notification-fd`, or it is a log in a log host, which tells without. */
  readonly tellsReadiness: boolean;
  /** Its pid is that of its log host, which it shares with others. */
  readonly isHosted: boolean;
  /** There is no `down` file. */
  readonly normallyUp: boolean;
  /** Since its supervisor began, oldest first; the oldest may have been forgotten. */
  readonly deaths: readonly Death[];
  /** How many deaths its tally holds at most. */
  readonly maxDeaths: number;
  /** What else is on record about deaths; only our supervisors keep that. */
  readonly reasons: readonly DeathReason[];
  /** Why s6-rc was to start it and has not. */
  readonly missed?: string;
  /** What the health checks of its present life have found; absent: there are none. */
  readonly health?: HealthRecord;
}

export function serviceState(facts: ServiceFacts): ServiceState {
  const { fault, supervised, status } = facts;
  if (fault !== undefined) return "unknown";
  if (!supervised || status === undefined) return "not supervised";
  if (status.flagfinishing) return "finishing";
  if (status.pid !== 0) return status.flagready ? "ready" : "up";
  if (status.flagwantup) return "backing off";
  const over = presentReason(facts)?.over;
  return over === "max-restarts" || over === "finish" ? "failed" : "down";
}

/** What is on record about the death after which the service is down. */
export function presentReason({ status, reasons }: ServiceFacts): DeathReason | undefined {
  return status === undefined || status.pid !== 0 ? undefined : reasonOf(reasons, status.stamp);
}

/** When it will be started again, if a delay counts. */
export function nextStart(facts: ServiceFacts): Tain | undefined {
  return serviceState(facts) === "backing off" ? presentReason(facts)?.next : undefined;
}

/** Is `run` running and stopped by SIGSTOP, as far as the supervisor knows? */
export function isPaused({ status }: ServiceFacts): boolean {
  return status !== undefined && status.pid !== 0 && !status.flagfinishing && status.flagpaused;
}

/** Whether it is wanted up; undefined if nobody supervises it or one can't see. */
export function isWantedUp({ fault, supervised, status }: ServiceFacts): boolean | undefined {
  return fault === undefined && supervised ? status?.flagwantup : undefined;
}

/**
 * What is wanted, where it is not what is: a service that runs and is wanted down is stopping, or
 * was started once.
 */
export function otherwiseWanted(facts: ServiceFacts): "up" | "down" | undefined {
  const wanted = isWantedUp(facts);
  const state = serviceState(facts);
  if (wanted === undefined) return undefined;
  if (state === "backing off" || (state === "finishing" && wanted)) return "up";
  return (state === "up" || state === "ready") && !wanted ? "down" : undefined;
}

/**
 * A service that should be up is up, ready if it tells readiness, not paused, and healthy if its
 * health is checked; one that is wanted down is as it should be, unless s6-rc was to start it.
 */
export function isWell(facts: ServiceFacts): boolean {
  const isHealthy = facts.health === undefined || facts.health.state === "healthy" ||
    isWantedUp(facts) === false;
  return isHealthy && isAsWanted(facts);
}

function isAsWanted(facts: ServiceFacts): boolean {
  const state = serviceState(facts);
  switch (state) {
    case "unknown":
    case "not supervised":
    case "backing off":
    case "failed":
      return false;
    case "finishing":
      return isWantedUp(facts) === false;
    case "up":
      return !isPaused(facts) && (!facts.tellsReadiness || isWantedUp(facts) === false);
    case "ready":
      return !isPaused(facts);
    case "down":
      return facts.missed === undefined;
    default:
      return state satisfies never;
  }
}

/** Since when it is in its state; undefined if nothing has happened to it yet, or nobody knows. */
export function stateSince(facts: ServiceFacts): Tain | undefined {
  const { status } = facts;
  if (status === undefined || neverStarted(status)) return undefined;
  return serviceState(facts) === "ready" ? status.readystamp : status.stamp;
}

/**
 * How many times it was started again. `atLeast` if the tally was full, so that older deaths are
 * forgotten.
 */
export function restarts(
  { deaths, maxDeaths, status }: ServiceFacts,
): { readonly count: number; readonly atLeast: boolean } {
  const running = status !== undefined && status.pid !== 0 && !status.flagfinishing;
  return {
    count: Math.max(0, running ? deaths.length : deaths.length - 1),
    atLeast: deaths.length > 0 && deaths.length >= maxDeaths,
  };
}

/**
 * The last death of `run`: when, with which exit code (128 + signal for a signal) and signal (0 for
 * none). Undefined if it has not died.
 */
export function lastDeath({ deaths, maxDeaths, status }: ServiceFacts): Death | undefined {
  if (maxDeaths > 0) return deaths.at(-1);
  // only the status knows, and only until the next start
  if (status === undefined || neverStarted(status) || (status.pid !== 0 && !status.flagfinishing)) {
    return undefined;
  }
  const { stamp, wstat } = status;
  return { stamp, exitcode: exitStatusOf(wstat), sig: wifsignaled(wstat) ? wtermsig(wstat) : 0 };
}
