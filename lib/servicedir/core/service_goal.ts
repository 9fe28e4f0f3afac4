/**
 * What a command for a service is to bring about, and whether it has: followed event by event.
 *
 * A service that tells readiness is up when it has told so. One that does not is up when it has
 * lived for a second: a supervisor that starts it again and again, each time in vain, would else be
 * taken for a success. A death on the way there is not the end, since the supervisor tries again;
 * it is remembered, and told. Pure.
 */
import { isReached, type Wanted, type Watch, watchEvent } from "./svwait_state.ts";

/**
 * So long a service without readiness must live to count as up: as long as a supervisor waits
 * between two starts.
 */
export const SETTLE_MS = 1000;

export type Goal = "up" | "down" | "restarted" | "ended";

/** What no event tells, but the status does. */
export type FlagGoal = "paused" | "continued";

export interface Pursuit {
  readonly goal: Goal;
  /** Whether that is what makes it up. */
  readonly tellsReadiness: boolean;
  /** Nobody will start it again when it dies. */
  readonly once: boolean;
  readonly watch: Watch;
  /** Deaths that were seen on the way. */
  readonly deaths: number;
}

export type Progress =
  /** Not there yet. */
  | "waiting"
  /** There, if it stays so for SETTLE_MS. */
  | "settling"
  | "reached"
  /** It can't get there any more. */
  | "failed";

function wantedOf({ goal, tellsReadiness }: Pick<Pursuit, "goal" | "tellsReadiness">): Wanted {
  if (goal === "down") return "D";
  if (goal === "ended") return "d";
  if (goal === "up") return tellsReadiness ? "U" : "u";
  return tellsReadiness ? "R" : "r";
}

/** The pursuit after an event, a byte of the fifodir protocol. */
export function pursue(pursuit: Pursuit, event: string): Pursuit {
  const watch = watchEvent(pursuit.watch, event, wantedOf(pursuit));
  // a death is told by d; without a finish script D comes along
  const deaths = event === "d" ? pursuit.deaths + 1 : pursuit.deaths;
  const isDown = !watch.up && watch.ready; // finish has run too
  const over = pursuit.once && !isEnd(pursuit.goal) && deaths > 0 && isDown;
  return { ...pursuit, watch: over ? { ...watch, failed: true } : watch, deaths };
}

export function progressOf(pursuit: Pursuit): Progress {
  const { goal, tellsReadiness, watch } = pursuit;
  if (watch.failed) return "failed";
  if (!isReached(watch, wantedOf(pursuit))) return "waiting";
  return isEnd(goal) || tellsReadiness ? "reached" : "settling";
}

function isEnd(goal: Goal): boolean {
  return goal === "down" || goal === "ended";
}
