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
 * | failed | nothing runs and nothing will: it has died too often, its `finish` has said that it failed for good, or its `restart-policy` gives it no other life after one that ended badly (told by our supervisor only) |
 * | down | nothing runs, and that is what is wanted; `isDone` of a service that has done its work |
 * | not supervised | no supervisor is there to do anything |
 * | unknown | this user may not look, or what is there makes no sense |
 *
 * Source: s6, doc/s6-svstat.html, doc/servicedir.html. Pure.
 */
import { EXIT_CANNOT_EXEC, EXIT_NOT_FOUND } from "../../core/cli/exit_codes.ts";
import { type DeathReason, reasonOf } from "../../servicedir/core/death_reasons.ts";
import type { Death } from "../../servicedir/core/dtally.ts";
import type { HealthRecord } from "../../health/core/health_record.ts";
import { neverStarted } from "../../servicedir/core/svstat_line.ts";
import type { Svstatus } from "../../servicedir/core/svstatus.ts";
import type { Tain } from "../../core/time/tain.ts";
import { compareTain } from "../../core/time/tain.ts";
import {
  exitStatusOf,
  wexitstatus,
  wifexited,
  wifsignaled,
  wtermsig,
} from "../../core/linux/wstat.ts";

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

/** What the exit codes say that a shell or execline gives if it can't execute a program. */
const EXIT_FAULTS: Readonly<Record<number, string>> = {
  [EXIT_CANNOT_EXEC]: "a program that run names can't be executed; its output says which",
  [EXIT_NOT_FOUND]: "a program that run names was not found; its output says which",
};

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
  /** When a supervisor adopted its process, which an earlier one had started. */
  readonly adopted?: Tain;
  /** Its files that have no effect, because C's supervisor does not know them. */
  readonly withoutEffect?: readonly string[];
}

/** The state, or `done` of a service that is down because it has done its work. */
export type StateWord = ServiceState | "done";

export function stateWord(facts: ServiceFacts): StateWord {
  return isDone(facts) ? "done" : serviceState(facts);
}

export function serviceState(facts: ServiceFacts): ServiceState {
  const { fault, supervised, status } = facts;
  if (fault !== undefined) return "unknown";
  if (!supervised || status === undefined) return "not supervised";
  if (status.flagfinishing) return "finishing";
  if (status.pid !== 0) return status.flagready ? "ready" : "up";
  if (status.flagwantup) return "backing off";
  return presentReason(facts)?.over === undefined || isDone(facts) ? "down" : "failed";
}

/** Has it ended as it should, and is not started again for that reason? */
export function isDone(facts: ServiceFacts): boolean {
  const reason = facts.supervised ? presentReason(facts) : undefined;
  if (reason?.over !== "policy" || reason.fault !== undefined) return false;
  return reason.done === true || facts.status?.wstat === 0;
}

/**
 * Why it does not run though it was to: why `run` could not be started, or what its exit code says
 * about that.
 */
export function startFault(facts: ServiceFacts): string | undefined {
  const state = serviceState(facts);
  const { status } = facts;
  if (status === undefined || (state !== "backing off" && state !== "failed")) return undefined;
  const fault = presentReason(facts)?.fault;
  if (fault !== undefined || neverStarted(status) || !wifexited(status.wstat)) return fault;
  const exitcode = wexitstatus(status.wstat);
  const said = exitFault({ exitcode, sig: 0 });
  return said === undefined ? undefined : `exit code ${exitcode}: ${said}`;
}

/** What the exit code of a death says about what `run` has tried to start. */
export function exitFault(
  death: Pick<Death, "exitcode" | "sig"> | undefined,
): string | undefined {
  return death?.sig === 0 ? EXIT_FAULTS[death.exitcode] : undefined;
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

/** Do its health checks say so? */
export function isUnhealthy({ health }: ServiceFacts): boolean {
  return health?.state === "unhealthy";
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
 * How many times it was started again. `atLeast` if the tally is full, so that older deaths are
 * forgotten, and its supervisor, which is not ours, does not count them.
 */
export function restarts(
  { deaths, maxDeaths, reasons, status }: Pick<
    ServiceFacts,
    "deaths" | "maxDeaths" | "reasons" | "status"
  >,
): { readonly count: number; readonly atLeast: boolean } {
  const running = status !== undefined && status.pid !== 0 && !status.flagfinishing;
  const counted = countedDeaths(deaths, reasons);
  const all = counted ?? deaths.length;
  return {
    count: Math.max(0, running ? all : all - 1),
    atLeast: counted === undefined && deaths.length >= maxDeaths,
  };
}

/** Our supervisor counts one death of those in the tally now and then; from there it goes on. */
function countedDeaths(
  deaths: readonly Death[],
  reasons: readonly DeathReason[],
): number | undefined {
  const counted = reasons.findLast((reason) => reason.deaths !== undefined);
  if (counted === undefined) return undefined;
  const at = deaths.findLastIndex(({ stamp }) => compareTain(stamp, counted.stamp) === 0);
  return at < 0 ? undefined : counted.deaths! + deaths.length - 1 - at;
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
