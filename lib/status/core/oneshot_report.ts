/**
 * What is to be said about a oneshot, and about what s6-rc was to start and has not, out of the
 * record of a live folder (lib/rc/core/live_record.ts).
 *
 * | state | when |
 * |---|---|
 * | done | its `up` has exited 0, or it has none |
 * | skipped | its conditions are not met: it counts as up |
 * | running | its `up` runs |
 * | stopping | its `down` runs |
 * | waiting | it waits for its turn |
 * | failed | its `up` has failed |
 * | not started | something that it needs has failed, or the time of the change was over |
 * | failed to stop | its `down` has failed: it counts as up |
 * | down | nobody wants it, or its `down` has exited 0 |
 *
 * Pure.
 */
import type { LiveRecord, RecordedOmission, RecordedService } from "../../rc/core/live_record.ts";
import { unixMsOf } from "../../rc/core/live_record.ts";
import { printable } from "../../core/text/printable.ts";
import type { LastLine } from "./service_report.ts";

export const ONESHOT_STATES = [
  "done",
  "skipped",
  "running",
  "stopping",
  "waiting",
  "failed",
  "not started",
  "failed to stop",
  "down",
] as const;
export type OneshotState = typeof ONESHOT_STATES[number];

/** All that `hexad status` tells about a oneshot. */
export interface OneshotReport {
  readonly service: RecordedService;
  readonly live: LiveRecord;
  /** The live folder. */
  readonly folder: string;
  /** The last line of its last run, where its output is kept. */
  readonly lastLine?: LastLine;
}

export function oneshotState(service: RecordedService): OneshotState {
  const { progress, failure, untried, skipped } = service;
  switch (progress) {
    case "starting":
      return "running";
    case "stopping":
    case "waiting":
      return progress;
    case "up":
      if (failure?.direction === "down") return "failed to stop";
      return skipped === undefined ? "done" : "skipped";
    case "down":
      if (untried?.direction === "up") return "not started";
      return failure?.direction === "up" ? "failed" : "down";
    default:
      return progress satisfies never;
  }
}

/**
 * Why a service is not as a change of s6-rc wanted it; undefined if it is, or a change still works
 * on it.
 */
export function missedText({ progress, failure, untried }: RecordedService): string | undefined {
  if (progress === "down" && untried?.direction === "up") {
    return untried.because === undefined
      ? "not started: the time was over"
      : `not started because of ${untried.because}`;
  }
  if (progress === "down" && failure?.direction === "up") return `failed to start: ${failure.why}`;
  return progress === "up" && failure?.direction === "down"
    ? `failed to stop: ${failure.why}`
    : undefined;
}

/** What is to be said beside the state. */
export function oneshotReason(service: RecordedService): string | undefined {
  switch (oneshotState(service)) {
    case "skipped":
      return service.skipped;
    case "failed":
    case "failed to stop":
      return service.failure?.why;
    case "not started":
      return service.untried?.because === undefined
        ? "the time was over"
        : `because of ${service.untried.because}`;
    default:
      return undefined;
  }
}

/** `failed, exit code 3`. */
export function oneshotWords(service: RecordedService): string {
  const reason = oneshotReason(service);
  const state = oneshotState(service);
  return reason === undefined ? state : `${state}, ${printable(reason)}`;
}

/** What to do instead with a oneshot, which has no supervisor. */
export function oneshotHint(name: string): string {
  return `${name} is a oneshot: s6-rc start ${name} runs its up, s6-rc stop ${name} its down`;
}

/** Of its last script: 128 + signal for a death by signal; undefined while it runs, or without one. */
export function oneshotExitCode(service: RecordedService): number | undefined {
  const { startedMs, endedMs, failure } = service;
  return startedMs === undefined || endedMs === undefined ? undefined : failure?.code ?? 0;
}

/** How long its last script took, or has been running; undefined if none was started. */
export function tookMs({ service, live }: OneshotReport): number | undefined {
  const { startedMs, endedMs } = service;
  const state = oneshotState(service);
  if (startedMs === undefined || state === "not started" || state === "skipped") return undefined;
  return Math.max(0, (endedMs ?? live.monotonicMs) - startedMs);
}

/** Since when it is in its state, in Unix milliseconds; undefined if nobody knows. */
export function oneshotSince({ service, live }: OneshotReport): number | undefined {
  const { endedMs, startedMs, wishedMs } = service;
  const ms = endedMs ?? startedMs ?? wishedMs;
  return ms === undefined ? undefined : unixMsOf(live, ms);
}

/** The oneshots that are to be shown: steps of /init's own only where something is wrong. */
export function isShown(service: RecordedService): boolean {
  return service.type === "oneshot" && (!service.isStep || missedText(service) !== undefined);
}

/** What is wrong with a definition that was left out. */
export function omissionText({ name, because, why }: RecordedOmission): string {
  return name === because ? why ?? "it is broken" : `because of ${because}`;
}

/** A record's oneshots and omissions are all as they should be. */
export function isRecordWell({ services, leftOut }: LiveRecord): boolean {
  return leftOut.length === 0 &&
    services.every((service) => service.type === "longrun" || missedText(service) === undefined);
}
