/** How a transition ends: it succeeds, fails or is given up. Pure. */
import type { ServiceNumber } from "./database.ts";
import type { Draft } from "./draft.ts";
import { directionOf } from "./draft.ts";
import type { Line } from "./engine_state.ts";
import { companionsOf } from "./graph.ts";
import { failed, notTried, succeeded } from "./lines.ts";
import { leaveUntried, lookBeyond, newTransition, settleRest } from "./spread.ts";

/** The transition has reached its end. */
export function succeed(draft: Draft, number: ServiceNumber): void {
  const { transition, seasoned, stamps } = draft.state(number);
  const { direction, again } = transition!;
  const isUp = direction === "up";
  const waiting = draft.waiting(number);
  draft.update(number, {
    up: isUp,
    transition: undefined,
    failure: undefined,
    seasoned: seasoned || isUp,
    stamps: { ...stamps, endedMs: draft.nowMs },
  });
  if (!again) draft.effect({ kind: "record", service: number, up: isUp });
  for (const { id } of waiting) {
    draft.setWish(id, number, "done");
    draft.say(id, succeeded(draft.nameOf(number), isUp ? "started" : "stopped"));
  }
  draft.look([number]);
  lookBeyond(draft, number, direction);
  if (isUp && seasoned && !again) restartCompanions(draft, number);
}

export interface Failing {
  /** `exited N` or `crashed with signal N`. */
  readonly how: string;
  readonly code: number;
  /** For people. */
  readonly why: string;
  /** A line to print first. */
  readonly line?: Line | undefined;
  /** The supervisor keeps trying. */
  readonly leave?: boolean;
}

/**
 * The transition has failed: a longrun is ordered down, and services that wait for this one are not
 * tried.
 */
export function fail(draft: Draft, number: ServiceNumber, failing: Failing): void {
  const { transition, stamps, up } = draft.state(number);
  const { direction, again } = transition!;
  const { code, why } = failing;
  const waiting = draft.waiting(number);
  draft.update(number, {
    up: again ? false : up,
    transition: undefined,
    failure: { direction, code, why, atMs: draft.nowMs },
    stamps: { ...stamps, endedMs: draft.nowMs },
  });
  if (again) {
    draft.effect({ kind: "record", service: number, up: false });
    draft.effect({
      kind: "log",
      text: `unable to restart service ${draft.nameOf(number)}: command ${failing.how}`,
    });
  }
  if (draft.service(number).type === "longrun" && !failing.leave) {
    draft.effect({ kind: "order", service: number, order: "down" });
  }
  for (const { id } of waiting) {
    if (failing.line !== undefined) draft.say(id, failing.line);
    failWish(draft, id, number, failing.how);
  }
  draft.look([number]);
}

/** Fails a wish of a change, and the wishes that depend on it. */
export function failWish(draft: Draft, id: number, number: ServiceNumber, how: string): void {
  const change = draft.changes.get(id)!;
  const direction = directionOf(change);
  const name = draft.nameOf(number);
  draft.say(id, failed(name, direction === "up" ? "start" : "stop", how));
  const rest = settleRest(draft, id, number, direction, "failed");
  leaveUntried(draft, rest, { direction, because: number });
  const missed = direction === "up" || change.forced
    ? rest
    : rest.filter((other) => !draft.service(other).essential); // these would not stop anyway
  if (missed.length > 0) draft.say(id, notTried(direction, name, draft.namesOf(missed)));
  if (!change.phases[change.phase]!.soft.has(number)) draft.updateChange(id, { failed: true });
}

/**
 * Nobody waits for the transition any more: a longrun keeps its order; a oneshot continues or is
 * ended.
 */
export function abandon(
  draft: Draft,
  number: ServiceNumber,
  options: { readonly end: boolean },
): void {
  const service = draft.service(number);
  if (draft.state(number).transition === undefined) return;
  if (service.type === "longrun") draft.update(number, { transition: undefined });
  else if (options.end) {
    draft.update(number, { transition: undefined, dying: true });
    draft.effect({
      kind: "terminate",
      service: number,
      reload: false,
      killAfterMs: service.timeoutKillMs,
    });
  } else draft.updateTransition(number, { orphan: true });
  draft.look([number]);
}

/** Restarts the service's companions, because it has come back. */
export function restartCompanions(draft: Draft, number: ServiceNumber): void {
  for (const companion of companionsOf(draft.engine.edges, number)) {
    const { up, transition, dying } = draft.state(companion);
    if (!up || transition !== undefined || dying) continue;
    const service = draft.service(companion);
    if (service.type === "longrun") {
      draft.update(companion, { quiet: true });
      draft.effect({ kind: "order", service: companion, order: "restart" });
    } else {
      draft.update(companion, {
        transition: { ...newTransition(draft, companion, "up"), again: true },
      });
      draft.effect({ kind: "run", service: companion, script: "down", change: undefined });
    }
  }
}
