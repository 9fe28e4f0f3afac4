/**
 * The engine of s6-rc: `step` takes an event and returns the new engine and the effects, in order.
 *
 * Each event costs one pass over the array of states, also with a thousand services. Nothing else
 * that is unchanged is copied. Source: contract 6.1 to 6.5 and 16. Pure.
 */
import type { RcDatabase, ServiceNumber } from "./database.ts";
import { Draft } from "./draft.ts";
import type {
  Engine,
  LongrunNews,
  RcDecision,
  RcEvent,
  RcMoment,
  Script,
  ServiceState,
} from "./engine_state.ts";
import { numbersByName, reverseEdges } from "./graph.ts";
import * as lines from "./lines.ts";
import { fail, restartCompanions, succeed } from "./transition_ends.ts";
import * as requests from "./requests.ts";
import { lookBeyond } from "./spread.ts";
import { settleQueue } from "./next_services.ts";
import { nextDue, runDue } from "./source/limits.ts";
import { breakStandstill } from "./standstill.ts";

const FRESH: ServiceState = {
  up: false,
  wanted: false,
  transition: undefined,
  dying: false,
  failure: undefined,
  skipped: undefined,
  untried: undefined,
  completed: false,
  health: undefined,
  away: false,
  over: false,
  seasoned: false,
  quiet: false,
  stamps: {},
};

/** What one engine hands to the next about a service. */
export interface KeptState {
  readonly up: boolean;
  readonly wanted: boolean;
  readonly health?: ServiceState["health"];
}

/** @param kept By number; absent: all services are down */
export function newEngine(database: RcDatabase, kept: readonly KeptState[] = []): Engine {
  return {
    database,
    edges: reverseEdges(database),
    places: numbersByName(database),
    services: database.services.map(({ number }) => {
      const { up = false, wanted = false, health } = kept[number] ?? {};
      return { ...FRESH, up, wanted, health, seasoned: up };
    }),
    changes: new Map(),
    reloads: new Map(),
    closed: false,
  };
}

/** Whether nothing is being changed. */
export function isIdle({ changes, reloads }: Engine): boolean {
  return changes.size === 0 && reloads.size === 0;
}

export function step(engine: Engine, event: RcEvent, moment: RcMoment): RcDecision {
  const draft = new Draft(engine, moment);
  happen(draft, event);
  do settleQueue(draft); while (breakStandstill(draft) || requests.endChanges(draft));
  draft.effect({ kind: "timer", atMs: nextDue(draft) });
  return draft.decide();
}

function happen(draft: Draft, event: RcEvent): void {
  switch (event.kind) {
    case "change":
      return requests.beginChange(draft, event.request);
    case "reload":
      return requests.beginReload(draft, event.request);
    case "cancel":
      return requests.cancel(draft, event.id, event.signal);
    case "vanish":
      return requests.vanish(draft, event.id);
    case "close":
      return requests.close(draft);
    case "longrun":
      return hearOfLongrun(draft, event.service, event.news);
    case "script":
      return scriptEnded(draft, event.service, event);
    case "skip":
      return skip(draft, event.service, event.because);
    case "timeout":
      return runDue(draft);
    default:
      return event satisfies never;
  }
}

function hearOfLongrun(draft: Draft, number: ServiceNumber, news: LongrunNews): void {
  const { transition } = draft.state(number);
  if (news.kind === "healthy" || news.kind === "unhealthy") {
    draft.update(number, { health: news.kind });
    return lookBeyond(draft, number, "up");
  }
  if (news.kind === "died") noteDeath(draft, number, news.exitCode);
  if (news.kind === "over") draft.update(number, { over: true });
  if (transition?.direction === "up") return hearWhileStarting(draft, number, news);
  if (transition?.direction === "down") {
    if (news.kind === "down" || news.kind === "gone") succeed(draft, number);
    return;
  }
  if (news.kind === "over") lookBeyond(draft, number, "up");
  const { tellsReadiness } = longrun(draft, number);
  if (news.kind === (tellsReadiness ? "ready" : "spawned")) isBack(draft, number);
}

function longrun(
  draft: Draft,
  number: ServiceNumber,
): { readonly tellsReadiness: boolean; readonly maxStartFailures: number } {
  const service = draft.service(number);
  return {
    tellsReadiness: service.type === "longrun" && service.tellsReadiness,
    maxStartFailures: service.maxStartFailures,
  };
}

function noteDeath(draft: Draft, number: ServiceNumber, exitCode: number): void {
  const { up, transition, completed } = draft.state(number);
  draft.update(number, {
    away: up && transition === undefined,
    completed: completed || exitCode === 0,
    health: undefined,
  });
  if (transition !== undefined) {
    draft.updateTransition(number, { deaths: transition.deaths + 1, lastExit: exitCode });
  }
  if (exitCode === 0) lookBeyond(draft, number, "up");
}

function hearWhileStarting(
  draft: Draft,
  number: ServiceNumber,
  news: Exclude<LongrunNews, { readonly kind: "healthy" | "unhealthy" }>,
): void {
  const { tellsReadiness, maxStartFailures } = longrun(draft, number);
  const { deaths, lastExit } = draft.state(number).transition!;
  switch (news.kind) {
    case "spawned":
      draft.updateTransition(number, { spawned: true });
      draft.update(number, { stamps: { ...draft.state(number).stamps, spawnedMs: draft.nowMs } });
      return tellsReadiness ? lookBeyond(draft, number, "up") : succeed(draft, number);
    case "ready":
      return succeed(draft, number);
    case "died":
      if (maxStartFailures === 0 || deaths < maxStartFailures) return;
      return fail(draft, number, {
        how: "exited 1",
        code: 1,
        why: `run has died ${deaths} times before it was ready, last exit ${lastExit}`,
        line: lines.startFailures(draft.nameOf(number), deaths, lastExit!),
      });
    case "down":
      return;
    case "over":
      return fail(draft, number, {
        how: "exited 1",
        code: 1,
        why: "it has ended for good before it was ready",
        line: lines.LISTEN_FAILED,
      });
    case "gone": {
      const line = news.code === 1 ? lines.LISTEN_FAILED : lines.notListening(draft.nameOf(number));
      return fail(draft, number, {
        how: `exited ${news.code}`,
        code: news.code,
        why: "it has no supervisor",
        line,
        leave: true,
      });
    }
    case "unspawnable":
      return fail(draft, number, {
        how: `exited ${news.code}`,
        code: news.code,
        why: news.why,
        line: lines.unspawnable(draft.nameOf(number), news.why),
        leave: true,
      });
    default:
      return news satisfies never;
  }
}

/** A longrun that was up and died is running again. */
function isBack(draft: Draft, number: ServiceNumber): void {
  const { up, away, quiet } = draft.state(number);
  if (!up || !away) return;
  draft.update(number, { away: false, quiet: false });
  if (!quiet) restartCompanions(draft, number);
}

function scriptEnded(
  draft: Draft,
  number: ServiceNumber,
  { script, code, line }: {
    readonly script: Script;
    readonly code: number;
    readonly line?: string;
  },
): void {
  if (script === "reload") return requests.reloaded(draft, number, code, line);
  const { transition, dying } = draft.state(number);
  if (dying) {
    draft.update(number, { dying: false });
    draft.look([number]);
    return lookAround(draft, number);
  }
  if (transition === undefined) return;
  if (transition.again && script === "down") {
    return draft.effect({ kind: "run", service: number, script: "up", change: undefined });
  }
  if (transition.orphan) {
    draft.update(number, { transition: undefined });
    return lookAround(draft, number);
  }
  if (code === 0) return succeed(draft, number);
  fail(draft, number, {
    how: `exited ${code}`,
    code,
    why: `exit code ${code}`,
    line: line === undefined ? undefined : lines.helperLine(line),
  });
}

/** Looks at all services that may have waited for the end of a script. */
function lookAround(draft: Draft, number: ServiceNumber): void {
  draft.look([number]);
  lookBeyond(draft, number, "up");
  lookBeyond(draft, number, "down");
}

/** Counts a service as up, because its conditions are not met and it is not started. */
function skip(draft: Draft, number: ServiceNumber, because: string): void {
  const { transition } = draft.state(number);
  if (transition?.direction !== "up") return;
  draft.update(number, { skipped: because });
  for (const { id } of draft.waiting(number)) {
    draft.say(id, lines.skipped(draft.nameOf(number), because));
  }
  succeed(draft, number);
}
