/** How changes and reloads begin, continue and end. Pure. */
import { EXIT_SYSTEM } from "../../core/cli/exit_codes.ts";
import type { ServiceNumber } from "./database.ts";
import type { Draft } from "./draft.ts";
import { directionOf, isOpen } from "./draft.ts";
import type {
  Change,
  ChangeId,
  ChangeRequest,
  Phase,
  ReloadRequest,
  Wish,
} from "./engine_state.ts";
import type { Direction } from "./graph.ts";
import { closure, complement, neighbours } from "./graph.ts";
import * as lines from "./lines.ts";
import { abandon, failWish } from "./transition_ends.ts";
import { leaveUntried } from "./spread.ts";

const EXIT_TIMED_OUT = 2;
const SIGTERM = 15;
const NO_SERVICES: ReadonlySet<ServiceNumber> = new Set();

/** Begins a change, or refuses it. */
export function beginChange(draft: Draft, request: ChangeRequest): void {
  const { id, direction, named, timeoutMs = 0, forced = false, graceMs = 0, requester } = request;
  const { spare = NO_SERVICES, isPassing = false } = request;
  if (draft.closed && direction === "up") {
    return refuse(draft, id, "the end has begun: no service is started any more");
  }
  const phases = phasesOf(draft, request);
  const obstacle = requester === undefined ? undefined : waitsForItself(draft, phases, requester);
  if (obstacle !== undefined) {
    const [own, other] = [draft.nameOf(requester!), draft.nameOf(obstacle)];
    const what = own === other
      ? `service ${own}, which runs this command,`
      : `service ${other}, which waits for ${own}, which runs this command,`;
    return refuse(draft, id, `unable to change ${what} from within: it would wait for itself`);
  }
  for (const number of isPassing ? [] : named) {
    draft.update(number, { wanted: direction === "up" });
  }
  const dueMs = timeoutMs === 0 ? undefined : draft.nowMs + timeoutMs;
  draft.changes.set(id, {
    id,
    phases,
    phase: 0,
    wishes: new Map(),
    forced,
    spare,
    graceMs,
    dueMs,
    cancelled: false,
    failed: false,
    requester,
  });
  beginPhase(draft, id);
}

function refuse(draft: Draft, id: ChangeId, text: string): void {
  draft.say(id, lines.fatal(text));
  draft.effect({ kind: "end", id, code: EXIT_SYSTEM });
}

/** The services that -a adds: those that are up, and for a stop also those on their way up. */
function liveOnes(draft: Draft, direction: Direction): ServiceNumber[] {
  return draft.engine.database.services.map(({ number }) => number).filter((number) => {
    const { up, transition } = draft.state(number);
    return up ||
      direction === "down" &&
        (transition?.direction === "up" || draft.wishing(number, "up").length > 0);
  });
}

function phasesOf(
  draft: Draft,
  { direction, named, live = false, prune = false, spare = NO_SERVICES }: ChangeRequest,
): Phase[] {
  const { database } = draft.engine;
  const selection = [...named, ...(live ? liveOnes(draft, direction) : [])];
  const hard = new Set(closure(database, selection, direction, { without: spare }));
  const members = closure(database, selection, direction, { wants: true, without: spare });
  const soft = members.length === hard.size
    ? NO_SERVICES
    : new Set(members.filter((number) => !hard.has(number)));
  const wished: Phase = { direction, members, soft };
  if (!prune) return [wished];
  const rest: Phase = {
    direction: direction === "up" ? "down" : "up",
    members: complement(database, members),
    soft: NO_SERVICES,
  };
  return direction === "up" ? [rest, wished] : [wished, rest];
}

/**
 * Finds a service of the change that has to wait for `requester`, which itself waits for the
 * change.
 */
function waitsForItself(
  draft: Draft,
  phases: readonly Phase[],
  requester: ServiceNumber,
): ServiceNumber | undefined {
  for (const { direction, members } of phases) {
    const isNeeded = (number: ServiceNumber): boolean => {
      const { up, transition } = draft.state(number);
      return transition !== undefined || up !== (direction === "up");
    };
    for (const number of members) {
      if (isNeeded(number) && reaches(draft, number, direction, requester)) return number;
    }
  }
  return undefined;
}

/**
 * Whether `number` has to wait, before it can be brought up or down, until `target` has finished
 * what it is doing now.
 */
function reaches(
  draft: Draft,
  number: ServiceNumber,
  direction: Direction,
  target: ServiceNumber,
): boolean {
  const seen = new Set<ServiceNumber>();
  const left: [ServiceNumber, Direction][] = [[number, direction]];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const [current, way] = next;
    if (current === target) return true;
    if (seen.has(current)) continue;
    seen.add(current);
    const { up, transition } = draft.state(current);
    // its script may itself be waiting for changes that it requested
    for (const change of draft.changes.values()) {
      if (transition === undefined || change.requester !== current) continue;
      for (const [other, wish] of draft.wishesOf(change.id)) {
        if (isOpen(wish)) left.push([other, directionOf(change)]);
      }
    }
    if (transition === undefined && up === (way === "up")) continue;
    const service = draft.service(current);
    for (const other of neighbours(service, way)) left.push([other, way]);
    const soft = way === "up"
      ? [...service.wants, ...service.after]
      : draft.engine.edges.softDependants[current]!;
    for (const other of soft) if (draft.wishing(other, way).length > 0) left.push([other, way]);
  }
  return false;
}

function beginPhase(draft: Draft, id: ChangeId): void {
  const change = draft.changes.get(id)!;
  const { direction, members } = change.phases[change.phase]!;
  const first: Wish = draft.closed && direction === "up" ? "overruled" : "pending";
  const wishes = new Map<ServiceNumber, Wish>(members.map((number) => [number, first]));
  draft.replaceWishes(id, wishes);
  draft.say(id, lines.bringing(direction));
  if (first === "overruled") return;
  for (const number of members) {
    beginWish(draft, number, direction);
    overrule(draft, change, number, direction);
  }
  draft.look(members);
}

/** A service that is already in the wanted state keeps its old stamps. */
function beginWish(draft: Draft, number: ServiceNumber, direction: Direction): void {
  const { up, transition } = draft.state(number);
  const isSo = transition === undefined ? up === (direction === "up") : true;
  draft.update(number, {
    untried: undefined,
    ...(isSo ? {} : { stamps: { wishedMs: draft.nowMs } }),
  });
}

/** Overrules older wishes for a service: the newest change counts. */
function overrule(draft: Draft, change: Change, number: ServiceNumber, direction: Direction): void {
  const isSpared = direction === "down" && !change.forced && draft.service(number).essential;
  for (const other of draft.wishing(number, direction === "up" ? "down" : "up")) {
    if (other.id > change.id) draft.setWish(change.id, number, "overruled");
    else if (!isSpared || draft.wish(other.id, number) === "pending") {
      draft.setWish(other.id, number, "overruled");
    }
  }
}

/** Shutdown has begun: nothing more is started. */
export function close(draft: Draft): void {
  draft.closed = true;
  for (const change of draft.changes.values()) {
    if (directionOf(change) !== "up") continue;
    for (const [number, wish] of draft.wishesOf(change.id)) {
      if (wish === "pending") draft.setWish(change.id, number, "overruled");
    }
  }
}

function isWaitedForBy(draft: Draft, number: ServiceNumber, id: ChangeId): boolean {
  return draft.waiting(number).every((change) => change.id === id);
}

/**
 * The client of a change got a signal: nothing more begins. Longruns are not waited for; oneshots
 * are.
 */
export function cancel(draft: Draft, id: ChangeId, signal: string): void {
  if (draft.reloads.has(id)) return cancelReload(draft, id, signal);
  if (!draft.changes.has(id)) return;
  draft.say(id, lines.aborting(signal));
  draft.updateChange(id, { cancelled: true });
  const wishes = [...draft.wishesOf(id)];
  for (const [number, wish] of wishes) {
    if (wish !== "pending") continue;
    draft.setWish(id, number, "dropped");
    draft.updateChange(id, { failed: true });
  }
  for (const [number, wish] of wishes) {
    if (wish !== "running" || draft.service(number).type !== "longrun") continue;
    if (isWaitedForBy(draft, number, id)) {
      draft.update(number, { transition: undefined });
      draft.effect({ kind: "order", service: number, order: "down" });
    }
    failWish(draft, id, number, `crashed with signal ${SIGTERM}`);
    draft.look([number]);
  }
}

function leave(draft: Draft, id: ChangeId, options: { readonly end: boolean }): void {
  const wishes = [...draft.wishesOf(id)];
  const direction = directionOf(draft.changes.get(id)!);
  for (const [number, wish] of wishes) {
    if (options.end && isOpen(wish)) {
      leaveUntried(draft, [number], { direction, because: undefined });
    }
    if (wish === "running" && isWaitedForBy(draft, number, id)) abandon(draft, number, options);
  }
  draft.forget(id);
  draft.look(wishes.filter(([, wish]) => isOpen(wish)).map(([number]) => number));
}

/**
 * The client of a change has gone: nothing more of it begins, and what still runs is not recorded.
 */
export function vanish(draft: Draft, id: ChangeId): void {
  if (draft.reloads.delete(id)) return;
  if (draft.changes.has(id)) leave(draft, id, { end: false });
}

/** A change's time is up: longruns keep their orders, scripts get SIGTERM. */
export function runOutOfTime(draft: Draft, id: ChangeId): void {
  draft.say(id, lines.TIMED_OUT);
  draft.effect({ kind: "end", id, code: EXIT_TIMED_OUT });
  if (!draft.reloads.delete(id)) leave(draft, id, { end: true });
}

/**
 * Ends the changes that have nothing left to do, or moves them to their next phase. Returns whether
 * one moved on.
 */
export function endChanges(draft: Draft): boolean {
  let goesOn = false;
  for (const { id } of [...draft.changes.values()]) {
    if ([...draft.wishesOf(id).values()].some(isOpen)) continue;
    sayOverruled(draft, id);
    const { failed, cancelled, phase, phases } = draft.changes.get(id)!;
    if (!failed && !cancelled && phase + 1 < phases.length) {
      draft.updateChange(id, { phase: phase + 1 });
      beginPhase(draft, id);
      goesOn = true;
    } else {
      draft.effect({ kind: "end", id, code: failed ? 1 : 0 });
      draft.forget(id);
    }
  }
  return goesOn;
}

function sayOverruled(draft: Draft, id: ChangeId): void {
  const lost = [...draft.wishesOf(id)].filter(([, wish]) => wish === "overruled").map(([number]) =>
    number
  );
  if (lost.length === 0) return;
  draft.say(id, lines.overruled(directionOf(draft.changes.get(id)!), draft.namesOf(lost)));
  draft.updateChange(id, { failed: true });
}

export function beginReload(draft: Draft, request: ReloadRequest): void {
  const { id, named, live = false, timeoutMs = 0, requester } = request;
  const chosen = draft.sorted(new Set([...named, ...(live ? liveOnes(draft, "up") : [])]));
  const isTrivial = (number: ServiceNumber): boolean => {
    const service = draft.service(number);
    return number < 2 || service.type === "oneshot" && service.reload.length === 0;
  };
  const left = new Map<ServiceNumber, number | undefined>();
  for (const number of chosen.filter((candidate) => !isTrivial(candidate))) {
    const { timeoutUpMs, type } = draft.service(number);
    left.set(number, timeoutUpMs === 0 ? undefined : draft.nowMs + timeoutUpMs);
    const isUnderWay = [...draft.reloads.values()].some((reload) => reload.left.has(number));
    if (isUnderWay) continue;
    if (type === "longrun") draft.effect({ kind: "order", service: number, order: "reload" });
    else draft.effect({ kind: "run", service: number, script: "reload", change: id });
  }
  draft.reloads.set(id, {
    id,
    left,
    dueMs: timeoutMs === 0 ? undefined : draft.nowMs + timeoutMs,
    failed: false,
    requester,
  });
  for (const number of chosen.filter(isTrivial)) {
    draft.say(id, lines.succeeded(draft.nameOf(number), "reloaded"));
  }
  endReload(draft, id);
}

/** A reload of a service has succeeded or failed. */
export function reloaded(draft: Draft, number: ServiceNumber, code: number, line?: string): void {
  for (const reload of [...draft.reloads.values()]) {
    if (reload.left.has(number)) answerReload(draft, reload.id, number, code, line);
  }
}

export function answerReload(
  draft: Draft,
  id: ChangeId,
  number: ServiceNumber,
  code: number,
  line?: string,
): void {
  const reload = draft.reloads.get(id)!;
  const left = new Map(reload.left);
  left.delete(number);
  draft.reloads.set(id, { ...reload, left, failed: reload.failed || code !== 0 });
  const name = draft.nameOf(number);
  if (line !== undefined) draft.say(id, lines.helperLine(line));
  draft.say(
    id,
    code === 0 ? lines.succeeded(name, "reloaded") : lines.failed(name, "reload", `exited ${code}`),
  );
  endReload(draft, id);
}

function endReload(draft: Draft, id: ChangeId): void {
  const { left, failed } = draft.reloads.get(id)!;
  if (left.size > 0) return;
  draft.reloads.delete(id);
  draft.effect({ kind: "end", id, code: failed ? 1 : 0 });
}

function cancelReload(draft: Draft, id: ChangeId, signal: string): void {
  draft.say(id, lines.aborting(signal));
  for (const number of draft.reloads.get(id)!.left.keys()) {
    const service = draft.service(number);
    if (service.type === "oneshot") {
      draft.effect({
        kind: "terminate",
        service: number,
        reload: true,
        killAfterMs: service.timeoutKillMs,
      });
    }
  }
}
