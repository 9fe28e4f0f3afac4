/**
 * The guard against a standstill. Hard dependencies never form a cycle, but soft order may, and
 * then each of a set of wishes waits for another. Such an order is no reason to wait: the first
 * service that has all it needs begins. Pure.
 */
import type { Dependency, ServiceNumber } from "./database.ts";
import type { Draft } from "./draft.ts";
import type { Direction } from "./graph.ts";
import { neighbours } from "./graph.ts";
import { isMet, start, stop } from "./next_services.ts";

/** Begins one service of a cycle of wishes, if there is a cycle. Returns whether it did. */
export function breakStandstill(draft: Draft): boolean {
  if (!draft.engine.edges.hasSoft || draft.changes.size === 0) return false;
  const pending = pendingOnes(draft);
  const stuck = stuckOnes(draft, pending);
  for (const number of draft.sorted(stuck)) {
    const direction = pending.get(number)!;
    if (hardObstacles(draft, number, direction).length > 0) continue;
    const changes = draft.wishing(number, direction).filter(({ id }) =>
      draft.wish(id, number) === "pending"
    );
    if (direction === "up") start(draft, number, changes);
    else stop(draft, number, changes);
    return true;
  }
  return false;
}

/**
 * Services with a wish that has not begun and that are not waiting for a transition or script of
 * their own to end.
 */
function pendingOnes(draft: Draft): Map<ServiceNumber, Direction> {
  const found = new Map<ServiceNumber, Direction>();
  for (const change of draft.changes.values()) {
    const { direction } = change.phases[change.phase]!;
    for (const [number, wish] of draft.wishesOf(change.id)) {
      const { transition, dying } = draft.state(number);
      const isFree = !dying &&
        (transition === undefined || direction === "down" && transition.direction === "up");
      if (wish === "pending" && isFree) found.set(number, direction);
    }
  }
  return found;
}

function hardObstacles(draft: Draft, number: ServiceNumber, direction: Direction): ServiceNumber[] {
  const isMissing = (other: ServiceNumber): boolean => {
    const { up, transition, dying } = draft.state(other);
    return transition !== undefined || dying || up !== (direction === "up");
  };
  const unmet = direction === "down"
    ? []
    : draft.service(number).dependencies.filter((each) => isLate(each) && !isMet(draft, each));
  return [
    ...neighbours(draft.service(number), direction).filter((other) =>
      isMissing(other) && !(direction === "down" && draft.isSpared(number, other))
    ),
    ...unmet.map(({ on }) => on),
  ];
}

/** Whether it may be met only long after the dependency is up. */
function isLate({ condition }: Dependency): boolean {
  return condition === "completed" || condition === "healthy";
}

function obstacles(draft: Draft, number: ServiceNumber, direction: Direction): ServiceNumber[] {
  const { wants, after } = draft.service(number);
  const soft = direction === "up"
    ? [...wants, ...after]
    : draft.engine.edges.softDependants[number]!;
  return [
    ...hardObstacles(draft, number, direction),
    ...soft.filter((other) => draft.wishing(other, direction).length > 0),
  ];
}

/** The services that would never begin, because they wait for each other or for others that do. */
function stuckOnes(draft: Draft, pending: ReadonlyMap<ServiceNumber, Direction>): ServiceNumber[] {
  const waitsFor = new Map<ServiceNumber, number>();
  const waiters = new Map<ServiceNumber, ServiceNumber[]>();
  const free: ServiceNumber[] = [];
  for (const [number, direction] of pending) {
    const others = new Set(
      obstacles(draft, number, direction).filter((other) => pending.has(other)),
    );
    waitsFor.set(number, others.size);
    for (const other of others) waiters.set(other, [...waiters.get(other) ?? [], number]);
    if (others.size === 0) free.push(number);
  }
  for (const number of free) {
    for (const waiter of waiters.get(number) ?? []) {
      const left = waitsFor.get(waiter)! - 1;
      waitsFor.set(waiter, left);
      if (left === 0) free.push(waiter);
    }
  }
  return [...waitsFor].filter(([, left]) => left > 0).map(([number]) => number);
}
