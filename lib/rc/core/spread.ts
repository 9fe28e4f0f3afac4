/**
 * Finds the services to look at again when something about a service is settled, and begins
 * transitions. Pure.
 */
import type { ServiceNumber } from "./database.ts";
import type { Draft } from "./draft.ts";
import type { Transition, Untried } from "./engine_state.ts";
import type { Direction } from "./graph.ts";
import { neighbours } from "./graph.ts";

/** When a slow transition is reported for the first time. */
const FIRST_NOTICE_MS = 10_000;

/** Queues the services that may have waited for this one to be up or down. */
export function lookBeyond(draft: Draft, number: ServiceNumber, direction: Direction): void {
  const service = draft.service(number);
  const soft = direction === "up"
    ? draft.engine.edges.softDependants[number]!
    : [...service.wants, ...service.after];
  draft.look(new Set([...neighbours(service, direction === "up" ? "down" : "up"), ...soft]));
}

export function newTransition(
  draft: Draft,
  number: ServiceNumber,
  direction: Direction,
): Transition {
  const service = draft.service(number);
  const limitMs = direction === "up" ? service.timeoutUpMs : service.timeoutDownMs;
  return {
    direction,
    startedMs: draft.nowMs,
    dueMs: limitMs === 0 ? undefined : draft.nowMs + limitMs,
    killMs: Infinity,
    noticeMs: draft.nowMs + FIRST_NOTICE_MS,
    notices: 0,
    spawned: false,
    deaths: 0,
    lastExit: undefined,
    orphan: false,
    again: false,
  };
}

/**
 * The pending services of a change that can't be tried, because they need `number` (up) or `number`
 * needs them (down).
 */
function beyond(
  draft: Draft,
  change: number,
  number: ServiceNumber,
  direction: Direction,
): ServiceNumber[] {
  const against: Direction = direction === "up" ? "down" : "up";
  const found = new Set<ServiceNumber>([number]);
  for (const next of found) {
    for (const other of neighbours(draft.service(next), against)) {
      if (draft.wish(change, other) === "pending") found.add(other);
    }
  }
  found.delete(number);
  return [...found];
}

/** Settles a wish, and the wishes of the same change that depend on it. Returns the latter. */
export function settleRest(
  draft: Draft,
  change: number,
  number: ServiceNumber,
  direction: Direction,
  wish: "kept" | "failed" | "blocked",
): ServiceNumber[] {
  const rest = beyond(draft, change, number, direction);
  draft.setWish(change, number, wish);
  for (const other of rest) draft.setWish(change, other, wish === "kept" ? "kept" : "blocked");
  for (const other of [number, ...rest]) lookBeyond(draft, other, direction);
  return rest;
}

/** Records why a change never got to these services. */
export function leaveUntried(
  draft: Draft,
  numbers: readonly ServiceNumber[],
  untried: Untried,
): void {
  for (const number of numbers) draft.update(number, { untried });
}
