/**
 * Whether a service that has died by itself is started again, and when: what `restart-policy`,
 * `restart-delay`, `restart-delay-max` and `max-restarts` of its directory make of its lives. They
 * are files of ours; C s6 knows none of them. All times are monotonic milliseconds, so a clock that
 * is set changes nothing. Source: docs/servicedir.md. Pure.
 */
import type { MaxRestarts, RestartPolicy } from "../../servicedir/core/restart_values.ts";
import { wexitstatus, wifexited, wifsignaled, wtermsig } from "../../core/linux/wstat.ts";

/**
 * Milliseconds between two starts of a service without any of these files, counted from the last
 * start.
 */
export const RESTART_INTERVAL_MS = 1000;
/** The longest delay, where `restart-delay` is given and `restart-delay-max` is not. */
export const DEFAULT_RESTART_DELAY_MAX_MS = 60_000;
export interface RestartRules {
  readonly policy: RestartPolicy;
  /** What `restart-delay` says; absent or 0: nothing. */
  readonly delayMs?: number;
  /** What `restart-delay-max` says; absent or 0: nothing. */
  readonly delayMaxMs?: number;
  readonly maxRestarts?: MaxRestarts;
}

/** Those of a service that has none of the files. */
export const USUAL_RULES: RestartRules = { policy: "always" };

/** What is remembered from life to life. An administrator's `u` or `o` wipes it out. */
export interface RestartHistory {
  /** How often in a row the delay has been doubled. */
  readonly doublings: number;
  /**
   * The moments of the latest restarts that nobody asked for, oldest first; kept only where
   * `max-restarts` is.
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
  /** The signal by which this service is told to stop. */
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
 * Has it ended as one that has done its work? With exit code 0; or of the signal by which it is
 * told to stop, since a program that does not catch that one must not be treated otherwise than one
 * that catches it and exits 0.
 */
function endedWell({ wstat, downSignal }: Life): boolean {
  return wifexited(wstat)
    ? wexitstatus(wstat) === 0
    : wifsignaled(wstat) && wtermsig(wstat) === downSignal;
}

/**
 * The delay and its longest, or `undefined` for the usual second. One alone is enough: the other
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

/** What becomes of a service after a life that ended without anybody's asking. */
export function judge(rules: RestartRules, history: RestartHistory, life: Life): Verdict {
  if (rules.policy === "never" || (rules.policy === "on-failure" && endedWell(life))) {
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

/**
 * The restarts to remember with one more at `atMs`, or `undefined` if that one is more than may be.
 */
function restartsWith(
  atMs: number,
  max: MaxRestarts | undefined,
  history: RestartHistory,
): readonly number[] | undefined {
  if (max === undefined) return history.restartsMs.length === 0 ? history.restartsMs : [];
  const recent = history.restartsMs.filter((restartMs) => atMs - restartMs < max.withinMs);
  return recent.length >= max.count ? undefined : [...recent, atMs];
}
