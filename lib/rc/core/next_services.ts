/**
 * Whose turn it is: a service is started when everything that it needs is up, and stopped when
 * everything that needs it is down. Soft order counts only while a change still has to bring the
 * other service up or down. Source: contract 6.4; the differences are those of section 16. Pure.
 */
import type { Dependency, ServiceNumber } from "./database.ts";
import type { Draft } from "./draft.ts";
import type { Change } from "./engine_state.ts";
import type { Direction } from "./graph.ts";
import { already, begins, essential, notTried } from "./lines.ts";
import { succeed } from "./transition_ends.ts";
import { leaveUntried, lookBeyond, newTransition, settleRest } from "./spread.ts";

/** The internal services, which are only names. */
const INTERNAL_COUNT = 2;

type Way = "clear" | "wait" | { readonly cause: ServiceNumber };

/** Looks at all services in the queue, including those that are added meanwhile. */
export function settleQueue(draft: Draft): void {
  for (let next = draft.queue.shift(); next !== undefined; next = draft.queue.shift()) {
    examineUp(draft, next);
    examineDown(draft, next);
  }
}

function pending(draft: Draft, number: ServiceNumber, direction: Direction): Change[] {
  return draft.wishing(number, direction).filter(({ id }) => draft.wish(id, number) === "pending");
}

function isBeingDone(draft: Draft, number: ServiceNumber, direction: Direction): boolean {
  return draft.wishing(number, direction).length > 0;
}

/** Whether a dependency is as its condition says. */
export function isMet(draft: Draft, { on, condition }: Dependency): boolean {
  const { up, transition, dying, completed, health } = draft.state(on);
  if (dying) return false;
  if (condition === "started" && transition?.direction === "up" && transition.spawned) return true;
  const isUp = up && transition === undefined;
  const service = draft.service(on);
  if (service.type === "oneshot") return isUp;
  if (condition === "completed") return isUp && completed;
  // nobody would ever tell the health of a service that has no checks
  return condition === "healthy" && service.checksHealth ? isUp && health === "healthy" : isUp;
}

/** Whether the dependency is up and has only still to exit with 0, or to be found healthy. */
function mayBeMet(draft: Draft, { on, condition }: Dependency): boolean {
  const { up, over, health } = draft.state(on);
  if (condition === "healthy" && health === "unhealthy") return false;
  return (condition === "completed" || condition === "healthy") && up && !over;
}

/** Whether it is up and is being restarted. */
function isBusy(draft: Draft, number: ServiceNumber): boolean {
  const { up, transition, dying } = draft.state(number);
  return up && (dying || transition?.again === true);
}

function wayUp(draft: Draft, number: ServiceNumber): Way {
  let way: Way = "clear";
  for (const dependency of draft.service(number).dependencies) {
    if (isMet(draft, dependency)) continue;
    const { on } = dependency;
    if (!isBeingDone(draft, on, "up") && !mayBeMet(draft, dependency) && !isBusy(draft, on)) {
      return { cause: on };
    }
    way = "wait";
  }
  return way;
}

function hasSoftObstacle(draft: Draft, number: ServiceNumber): boolean {
  const { wants, after } = draft.service(number);
  return [...wants, ...after].some((other) => isBeingDone(draft, other, "up"));
}

function examineUp(draft: Draft, number: ServiceNumber): void {
  const changes = pending(draft, number, "up");
  if (changes.length === 0) return;
  const { transition, dying } = draft.state(number);
  if (dying || transition?.direction === "down" || transition?.again) return;
  if (transition !== undefined) return join(draft, number, changes);
  const way = wayUp(draft, number);
  if (way === "wait" || way === "clear" && hasSoftObstacle(draft, number)) return;
  if (typeof way === "object") return block(draft, number, changes, way.cause);
  start(draft, number, changes);
}

/** Starts it, unless it is up. */
export function start(draft: Draft, number: ServiceNumber, changes: readonly Change[]): void {
  if (draft.state(number).up) return settleAsDone(draft, number, changes, "up");
  begin(draft, number, changes, "up");
}

function wayDown(draft: Draft, number: ServiceNumber): Way {
  let way: Way = "clear";
  for (const dependant of draft.service(number).dependants) {
    if (draft.isSpared(number, dependant)) continue;
    const { up, transition, dying } = draft.state(dependant);
    if (!up && transition === undefined && !dying) continue;
    if (!isBeingDone(draft, dependant, "down") && !dying) return { cause: dependant };
    way = "wait";
  }
  return way;
}

function hasSoftDependant(draft: Draft, number: ServiceNumber): boolean {
  return draft.engine.edges.softDependants[number]!.some((other) =>
    isBeingDone(draft, other, "down")
  );
}

function examineDown(draft: Draft, number: ServiceNumber): void {
  const changes = pending(draft, number, "down");
  if (changes.length === 0) return;
  const { transition, dying } = draft.state(number);
  if (dying) return;
  if (transition?.direction === "down") return join(draft, number, changes);
  const way = wayDown(draft, number);
  if (way === "wait" || way === "clear" && hasSoftDependant(draft, number)) return;
  if (typeof way === "object") return block(draft, number, changes, way.cause);
  stop(draft, number, changes);
}

/** Stops it, unless it is down, or essential and not to be forced. */
export function stop(draft: Draft, number: ServiceNumber, changes: readonly Change[]): void {
  const service = draft.service(number);
  const { up, transition } = draft.state(number);
  if (!up && transition === undefined) return settleAsDone(draft, number, changes, "down");
  const willing = changes.filter(({ forced }) => forced || !service.essential);
  for (const { id } of changes.filter((change) => !willing.includes(change))) {
    draft.say(id, essential(service.name));
    settleRest(draft, id, number, "down", "kept");
  }
  if (willing.length === 0) return;
  if (transition !== undefined && service.type === "oneshot") {
    return giveUp(draft, number, service.timeoutKillMs);
  }
  begin(draft, number, willing, "down");
}

/** Gives up a oneshot that is being started or restarted but is no longer wanted. */
function giveUp(draft: Draft, number: ServiceNumber, killAfterMs: number): void {
  draft.update(number, { transition: undefined, dying: true });
  draft.effect({ kind: "terminate", service: number, reload: false, killAfterMs });
}

function settleAsDone(
  draft: Draft,
  number: ServiceNumber,
  changes: readonly Change[],
  direction: Direction,
): void {
  const { failure } = draft.state(number);
  // a failed start does not matter any more
  if (failure?.direction !== direction) draft.update(number, { failure: undefined });
  for (const { id } of changes) {
    draft.setWish(id, number, "done");
    draft.say(id, already(draft.nameOf(number), direction));
  }
  lookBeyond(draft, number, direction);
}

/** Joins a transition under way that already does what these changes want. */
function join(draft: Draft, number: ServiceNumber, changes: readonly Change[]): void {
  const { direction, killMs } = draft.state(number).transition!;
  const graceEndMs = direction === "down" ? graceEnd(draft, changes) : Infinity;
  draft.updateTransition(number, { orphan: false, killMs: Math.min(killMs, graceEndMs) });
  for (const { id } of changes) {
    draft.setWish(id, number, "running");
    draft.say(id, begins(draft.nameOf(number), direction));
  }
}

/** When the shortest grace time of these changes ends for a longrun that does not stop. */
function graceEnd(draft: Draft, changes: readonly Change[]): number {
  return draft.nowMs +
    Math.min(...changes.map(({ graceMs }) => graceMs === 0 ? Infinity : graceMs));
}

function begin(
  draft: Draft,
  number: ServiceNumber,
  changes: readonly Change[],
  direction: Direction,
): void {
  const service = draft.service(number);
  const { stamps } = draft.state(number);
  const killMs = direction === "down" ? graceEnd(draft, changes) : Infinity;
  const transition = { ...newTransition(draft, number, direction), killMs };
  const fresh = direction === "up"
    ? { skipped: undefined, completed: false, away: false, over: false }
    : {};
  const begun = { wishedMs: stamps.wishedMs ?? draft.nowMs, startedMs: draft.nowMs };
  draft.update(number, { transition, stamps: begun, ...fresh });
  for (const { id } of changes) {
    draft.setWish(id, number, "running");
    draft.say(id, begins(service.name, direction));
  }
  if (number < INTERNAL_COUNT) return succeed(draft, number);
  if (service.type === "longrun") {
    return draft.effect({ kind: "order", service: number, order: direction });
  }
  if (service[direction].length === 0 && service.conditions.length === 0) {
    return succeed(draft, number);
  }
  draft.effect({ kind: "run", service: number, script: direction, change: changes.at(-1)?.id });
}

function block(
  draft: Draft,
  number: ServiceNumber,
  changes: readonly Change[],
  cause: ServiceNumber,
): void {
  for (const { id, phases, phase } of changes) {
    const { direction, soft } = phases[phase]!;
    const rest = settleRest(draft, id, number, direction, "blocked");
    leaveUntried(draft, [number, ...rest], { direction, because: cause });
    draft.say(id, notTried(direction, draft.nameOf(cause), draft.namesOf([number, ...rest])));
    if (!soft.has(number)) draft.updateChange(id, { failed: true });
  }
}
