/**
 * Whether and when a service that has died by itself is restarted, according to `restart-policy`,
 * `restart-delay`, `restart-delay-max`, `max-restarts` and `exit-codes-ok` in its directory. C s6 does not have
 * these files. All times are monotonic milliseconds, so setting the clock changes nothing. Source:
 * docs/servicedir.md. Pure.
 */
import type { MaxRestarts, RestartPolicy } from "../../servicedir/core/restart_values.ts";
import type { DeathEvents } from "../../servicedir/core/death_events.ts";
import { wexitstatus, wifexited, wifsignaled, wtermsig } from "../../core/linux/wstat.ts";

/** Milliseconds from one start to the next for a service without any of these files. */
export const RESTART_INTERVAL_MS = 1000;
/** The longest delay if there is a `restart-delay` but no `restart-delay-max`. */
export const DEFAULT_RESTART_DELAY_MAX_MS = 60_000;
export interface RestartRules {
  readonly policy: RestartPolicy;
  /** The value of `restart-delay`; absent or 0: not set. */
  readonly delayMs?: number;
  /** The value of `restart-delay-max`; absent or 0: not set. */
  readonly delayMaxMs?: number;
  readonly maxRestarts?: MaxRestarts;
  /** The value of `exit-codes-ok`; it counts unless the policy is `always`. */
  readonly exitCodesOk?: DeathEvents;
}

/** The rules of a service that has none of the files. */
export const USUAL_RULES: RestartRules = { policy: "always" };

/** What is remembered from one life to the next. An administrator's `u` or `o` clears it. */
export interface RestartHistory {
  /** How many times in a row the delay has been doubled. */
  readonly doublings: number;
  /**
   * The times of the latest automatic restarts, oldest first; kept only if there is a
   * `max-restarts`.
   */
  readonly restartsMs: readonly number[];
}

export const NO_HISTORY: RestartHistory = { doublings: 0, restartsMs: [] };

/** A life that is over. */
export interface Life {
  readonly startedMs: number;
  readonly diedMs: number;
  /** The raw wait status. */
  readonly wstat: number;
  /** The signal that tells this service to stop. */
  readonly downSignal: number;
}

export type Verdict =
  /** `delayed`: by a back-off, not by the usual second. */
  | {
    readonly kind: "restart";
    readonly atMs: number;
    readonly delayed: boolean;
    readonly history: RestartHistory;
  }
  | { readonly kind: "over"; readonly why: "policy" | "max-restarts" };

/**
 * Whether it has ended as a service that has done its work: with exit code 0, by the signal that
 * tells it to stop, or in a way that `exit-codes-ok` names. A program that does not catch that
 * signal must be treated like one that catches it and exits 0.
 */
export function endedWell(
  { exitCodesOk }: RestartRules,
  { wstat, downSignal }: Pick<Life, "wstat" | "downSignal">,
): boolean {
  if (wifexited(wstat)) {
    const code = wexitstatus(wstat);
    return code === 0 || exitCodesOk?.exitcodes.has(code) === true;
  }
  if (!wifsignaled(wstat)) return false;
  const signal = wtermsig(wstat);
  return signal === downSignal || exitCodesOk?.signals.has(signal) === true;
}

/**
 * The delay and the longest delay, or `undefined` for the usual second. One is enough: the other
 * has a default.
 */
function delaysOf(
  { delayMs, delayMaxMs }: RestartRules,
): { readonly delayMs: number; readonly maxMs: number } | undefined {
  if (!delayMs && !delayMaxMs) return undefined;
  const shortest = delayMs || Math.min(RESTART_INTERVAL_MS, delayMaxMs || RESTART_INTERVAL_MS);
  return {
    delayMs: shortest,
    maxMs: Math.max(delayMaxMs || DEFAULT_RESTART_DELAY_MAX_MS, shortest),
  };
}

/** Decides what happens to a service after a life that ended without an order. */
export function judge(rules: RestartRules, history: RestartHistory, life: Life): Verdict {
  if (rules.policy === "never" || (rules.policy === "on-failure" && endedWell(rules, life))) {
    return { kind: "over", why: "policy" };
  }
  const delays = delaysOf(rules);
  let atMs = life.startedMs + RESTART_INTERVAL_MS;
  let doublings = 0;
  if (delays !== undefined) {
    const livedMs = life.diedMs - life.startedMs;
    doublings = livedMs >= delays.maxMs ? 0 : history.doublings;
    const delayMs = Math.min(delays.delayMs * 2 ** doublings, delays.maxMs);
    atMs = life.diedMs + delayMs;
    if (delayMs < delays.maxMs) doublings++;
  }
  const restartsMs = restartsWith(Math.max(atMs, life.diedMs), rules.maxRestarts, history);
  if (restartsMs === undefined) return { kind: "over", why: "max-restarts" };
  return {
    kind: "restart",
    atMs,
    delayed: delays !== undefined,
    history: { doublings, restartsMs },
  };
}

/** The restarts to remember, with a new one at `atMs`, or `undefined` if that would be too many. */
function restartsWith(
  atMs: number,
  max: MaxRestarts | undefined,
  history: RestartHistory,
): readonly number[] | undefined {
  if (max === undefined) return history.restartsMs.length === 0 ? history.restartsMs : [];
  const recent = history.restartsMs.filter((restartMs) => atMs - restartMs < max.withinMs);
  return recent.length >= max.count ? undefined : [...recent, atMs];
}
