/**
 * The effects of time on the engine: limits of services and of changes, notices, and the guard
 * against a standstill. Pure.
 */
import type { ServiceNumber } from "../database.ts";
import type { Draft } from "../draft.ts";
import { lastsText, LISTEN_TIMED_OUT, SUDO_TIMED_OUT } from "../lines.ts";
import { fail } from "../transition_ends.ts";
import { answerReload, runOutOfTime } from "../requests.ts";

/** When a slow transition is reported; after the last of these, every five minutes. */
const NOTICES_MS = [10_000, 30_000, 120_000, 300_000];
const NOTICE_INTERVAL_MS = 300_000;
const KILL_REPEAT_MS = 5000;
/** The exit code of s6-svc and s6-sudo when a limit runs out. */
const EXIT_LISTEN_TIMED_OUT = 99;
const EXIT_SUDO_TIMED_OUT = 111;

/** When something is due next; undefined: never, unless another event comes. */
export function nextDue(draft: Draft): number | undefined {
  let due = Infinity;
  const consider = (ms: number | undefined): void => {
    if (ms !== undefined && ms < due) due = ms;
  };
  for (const { number } of draft.engine.database.services) {
    const { transition } = draft.state(number);
    if (transition === undefined) continue;
    consider(transition.dueMs);
    consider(transition.killMs);
    if (!transition.orphan) consider(transition.noticeMs);
  }
  for (const { dueMs } of draft.changes.values()) consider(dueMs);
  for (const { dueMs, left } of draft.reloads.values()) {
    consider(dueMs);
    for (const ownMs of left.values()) consider(ownMs);
  }
  return due === Infinity ? undefined : due;
}

/** Does all that is due now. */
export function runDue(draft: Draft): void {
  const isDue = (ms: number | undefined): boolean => ms !== undefined && ms <= draft.nowMs;
  for (const { id, dueMs } of [...draft.changes.values(), ...draft.reloads.values()]) {
    if (isDue(dueMs)) runOutOfTime(draft, id);
  }
  for (const { id, left } of [...draft.reloads.values()]) {
    for (const [number, ownMs] of left) if (isDue(ownMs)) reloadTimedOut(draft, id, number);
  }
  for (const { number } of draft.engine.database.services) {
    const { transition } = draft.state(number);
    if (transition === undefined) continue;
    if (isDue(transition.dueMs)) timedOut(draft, number);
    else if (isDue(transition.killMs)) {
      draft.effect({ kind: "order", service: number, order: "kill" });
      draft.updateTransition(number, { killMs: draft.nowMs + KILL_REPEAT_MS });
    } else if (!transition.orphan && isDue(transition.noticeMs)) notice(draft, number);
  }
}

function timedOut(draft: Draft, number: ServiceNumber): void {
  const service = draft.service(number);
  const { transition } = draft.state(number);
  const why = `it has taken longer than ${draft.nowMs - transition!.startedMs} ms`;
  if (service.type === "longrun") {
    const code = EXIT_LISTEN_TIMED_OUT;
    return fail(draft, number, { how: `exited ${code}`, code, why, line: LISTEN_TIMED_OUT });
  }
  const code = EXIT_SUDO_TIMED_OUT;
  draft.effect({
    kind: "terminate",
    service: number,
    reload: false,
    killAfterMs: service.timeoutKillMs,
  });
  fail(draft, number, { how: `exited ${code}`, code, why, line: SUDO_TIMED_OUT });
  draft.update(number, { dying: true });
}

function reloadTimedOut(draft: Draft, id: number, number: ServiceNumber): void {
  const service = draft.service(number);
  if (service.type === "oneshot") {
    draft.effect({
      kind: "terminate",
      service: number,
      reload: true,
      killAfterMs: service.timeoutKillMs,
    });
  }
  draft.say(id, SUDO_TIMED_OUT);
  answerReload(draft, id, number, EXIT_SUDO_TIMED_OUT);
}

function notice(draft: Draft, number: ServiceNumber): void {
  const { direction, startedMs, notices, deaths, lastExit } = draft.state(number).transition!;
  const lastsMs = draft.nowMs - startedMs;
  const nextMs = NOTICES_MS[notices + 1] ??
    NOTICES_MS.at(-1)! + (notices + 2 - NOTICES_MS.length) * NOTICE_INTERVAL_MS;
  draft.updateTransition(number, { notices: notices + 1, noticeMs: startedMs + nextMs });
  const ids = draft.waiting(number).map(({ id }) => id);
  const text = lastsText(draft.nameOf(number), direction, {
    lastsMs,
    deaths,
    lastExit,
    isLongrun: draft.service(number).type === "longrun",
  });
  draft.effect({
    kind: "notice",
    ids,
    service: number,
    level: deaths > 0 ? 1 : 2,
    text,
    // earlier lives' lines say nothing about this start
    ...(direction === "up" ? { mostAgeMs: lastsMs } : {}),
  });
}
