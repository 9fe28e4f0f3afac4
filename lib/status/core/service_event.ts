/**
 * What happens to services, for people and for programs (`hexad events`); docs/event.schema.json
 * describes the latter. Source of the bytes: s6, doc/s6-supervise.html, "Events". Pure.
 */
import { HEALTHY_EVENT, UNHEALTHY_EVENT } from "../../health/core/health_machine.ts";
import { deathWords } from "./death_words.ts";
import { reasonOf } from "../../servicedir/core/death_reasons.ts";
import type { OneshotState } from "./oneshot_report.ts";
import { humanDuration } from "../../core/time/human_units.ts";
import { printable } from "../../core/text/printable.ts";
import {
  exitFault,
  isDone,
  lastDeath,
  nextStart,
  type ServiceFacts,
  startFault,
} from "./service_state.ts";
import { signalText } from "./status_document.ts";
import { isUp } from "../../servicedir/core/svstat_line.ts";
import type { Tain } from "../../core/time/tain.ts";
import { secondsBetween } from "../../core/time/tain.ts";
import { isoTime } from "../../core/time/utc_time.ts";

export const EVENT_FORMAT = 1;

/** s6's, and two of ours, which only services with a `health-check` have. */
const NAMES = {
  s: "supervised",
  u: "up",
  U: "ready",
  d: "died",
  D: "down",
  O: "failed",
  x: "unsupervised",
  [HEALTHY_EVENT]: "healthy",
  [UNHEALTHY_EVENT]: "unhealthy",
} as const;

/** What happens to oneshots. That one waits for its turn is no event. */
export type OneshotEvent = Exclude<OneshotState, "waiting">;

/**
 * Two are no bytes of the fifodir: `unstartable`, a start has failed; `adopted`, a supervisor tells
 * that a service is up which an earlier one has started.
 */
export type ServiceEvent = typeof NAMES[keyof typeof NAMES] | "unstartable" | "adopted";

/** Undefined for a byte that says nothing here: whoever may write in the fifodir may send any. */
export function serviceEvent(byte: number): ServiceEvent | undefined {
  const letter = String.fromCharCode(byte);
  return Object.hasOwn(NAMES, letter) ? NAMES[letter as keyof typeof NAMES] : undefined;
}

/**
 * An event, and what the service's files said when it was heard. They may be ahead of it already.
 */
export interface HeardEvent {
  readonly event: ServiceEvent;
  readonly time: Tain;
  readonly facts: ServiceFacts;
}

/** `up, pid 4242`. */
export function eventWords({ event, time, facts }: HeardEvent): string {
  switch (event) {
    case "up":
    case "adopted":
      return facts.status !== undefined && isUp(facts.status)
        ? `${event}, pid ${facts.status.pid >>> 0}`
        : event;
    case "died": {
      const death = lastDeath(facts);
      const fault = exitFault(death);
      return `died${death === undefined ? "" : `: ${deathWords(death, facts.reasons)}`}${
        fault === undefined ? "" : ` (${fault})`
      }`;
    }
    case "down": {
      const next = nextStart(facts);
      return next === undefined
        ? "down"
        : `down, again in ${humanDuration(Number(secondsBetween(next, time)))}`;
    }
    case "failed":
      return isDone(facts) ? "done: it is not started again" : "failed for good";
    case "unstartable":
      return printable(startFault(facts) ?? "could not be started");
    case "supervised":
      return "is supervised";
    case "unsupervised":
      return "is not supervised any more";
    case "ready":
      return "ready";
    case "healthy":
      return "healthy";
    case "unhealthy":
      return facts.health?.why === undefined ? "unhealthy" : `unhealthy: ${facts.health.why}`;
    default:
      return event satisfies never;
  }
}

export interface EventDocument {
  readonly format: typeof EVENT_FORMAT;
  readonly time: string | null;
  readonly service: string;
  readonly directory: string;
  readonly event: ServiceEvent | OneshotEvent;
  /** It is a oneshot of s6-rc; `directory` is the live folder then. */
  readonly oneshot: boolean;
  /** Of `run`, for `up`, `adopted` and `ready`. */
  readonly pid: number | null;
  /** For `died`; of a oneshot's last script. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly outOfMemory: boolean;
  /** For `down`, if a delay counts. */
  readonly nextStart: string | null;
  /** For `unhealthy`: why the last check has failed; for a oneshot, why it is as it is. */
  readonly reason: string | null;
  /** For `unstartable`: why; for `died` and `failed`, if that is known. */
  readonly fault: string | null;
  /** For `failed`: it has ended as it should, and is not started again for that reason. */
  readonly done: boolean;
}

/** After these `run` runs. */
const RUNNING: ReadonlySet<ServiceEvent> = new Set(["up", "adopted", "ready"]);

export function eventDocument({ event, time, facts }: HeardEvent): EventDocument {
  const { status } = facts;
  const running = RUNNING.has(event) && status !== undefined && isUp(status);
  const death = event === "died" ? lastDeath(facts) : undefined;
  const next = event === "down" ? nextStart(facts) : undefined;
  return {
    format: EVENT_FORMAT,
    time: isoTime(time) ?? null,
    service: facts.name,
    directory: facts.directory,
    event,
    oneshot: false,
    pid: running ? status.pid >>> 0 : null,
    exitCode: death === undefined || death.sig !== 0 ? null : death.exitcode,
    signal: death === undefined || death.sig === 0 ? null : signalText(death.sig),
    outOfMemory: death !== undefined && reasonOf(facts.reasons, death.stamp)?.oom === true,
    nextStart: next === undefined ? null : isoTime(next) ?? null,
    reason: event === "unhealthy" ? facts.health?.why ?? null : null,
    fault: (event === "unstartable" || event === "failed" ? startFault(facts) : exitFault(death)) ??
      null,
    done: event === "failed" && isDone(facts),
  };
}
