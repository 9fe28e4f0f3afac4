/**
 * What s6-svstat prints about a service: the line for people, and the fields for programs.
 *
 * A stamp that lies in the future (the clock was set back) counts as now. For a service that was
 * never started C's line has a blank too many, `down (not started yet) , normally up`, and so has
 * ours: programs that read this line have always seen it. What C does not know comes after all that
 * it says, and only where it knows the state not at all: a delay before the next start, an end for
 * good, a kill for want of memory. Source: s6, supervision/s6-svstat.c; doc/s6-svstat.html, except
 * that `ready` is false while nothing runs and `pgid` is the pid. Pure.
 */
import type { DeathReason } from "./death_reasons.ts";
import { signalName } from "../../core/linux/signals.ts";
import type { Svstatus } from "./svstatus.ts";
import type { Tain } from "../../core/time/tain.ts";
import { compareTain, formatTai64n, secondsBetween } from "../../core/time/tain.ts";
import { wexitstatus, wifexited, wifsignaled, wtermsig } from "../../core/linux/wstat.ts";

/** A status with what else a field may need. */
export interface ServiceView {
  readonly status: Svstatus;
  readonly now: Tain;
  /** There is no `down` file. */
  readonly normallyUp: boolean;
  /** What else is known of the death after which the service is down. */
  readonly reason: DeathReason | undefined;
  /** How many deaths are on record. */
  deaths(): number;
}

/** The fields of `-o`. */
export const SVSTAT_FIELDS = {
  up: (view) => String(isUp(view.status)),
  wantedup: (view) => String(view.status.flagwantup),
  normallyup: (view) => String(view.normallyUp),
  ready: (view) => String(view.status.pid !== 0 && view.status.flagready),
  paused: (view) => String(view.status.pid !== 0 && view.status.flagpaused),
  pid: (view) => pidText(view.status),
  pgid: (view) => pidText(view.status),
  exitcode: ({ status }) =>
    String(diedBefore(status) && wifexited(status.wstat) ? wexitstatus(status.wstat) : -1),
  signal: ({ status }) =>
    diedBefore(status) && wifsignaled(status.wstat) ? printedSignal(wtermsig(status.wstat)) : "NA",
  signum: ({ status }) =>
    String(diedBefore(status) && wifsignaled(status.wstat) ? wtermsig(status.wstat) : -1),
  updownsince: (view) => formatTai64n(earlier(view.status.stamp, view.now)),
  readysince: (view) => formatTai64n(earlier(view.status.readystamp, view.now)),
  updownfor: (view) => secondsSince(view.status.stamp, view.now),
  readyfor: (view) => secondsSince(view.status.readystamp, view.now),
  // ours; C has none of these
  reason: (view) => reasonWord(view),
  oom: ({ reason }) => String(reason?.oom ?? false),
  backoff: (view) => String(secondsToNextStart(view) ?? -1),
  deaths: (view) => String(view.deaths()),
} as const satisfies Record<string, (view: ServiceView) => string>;

export type SvstatField = keyof typeof SVSTAT_FIELDS;

/** The most fields that one command line may ask for. */
export const MAX_SVSTAT_FIELDS = 16;

export function isSvstatField(name: string): name is SvstatField {
  return Object.hasOwn(SVSTAT_FIELDS, name);
}

/** `SIGTERM`; `SIG???` for a number without a name. */
export function printedSignal(signal: number): string {
  const name = signalName(signal);
  return name.startsWith("SIG") ? name : `SIG${name}`;
}

/** Is `run` running? While `finish` runs the service is down. */
export function isUp(status: Svstatus): boolean {
  return status.pid !== 0 && !status.flagfinishing;
}

/** The line for people, without newline. */
export function svstatLine(
  view: ServiceView,
  options: { readonly signalNumbers: boolean },
): string {
  const { status, now, normallyUp } = view;
  const up = isUp(status);
  const started = !neverStarted(status);
  let line = up
    ? `up (pid ${status.pid >>> 0} pgid ${status.pid >>> 0}) `
    : `down (${deathText(status, options.signalNumbers)}) `;
  if (started) line += `${secondsSince(status.stamp, now)} seconds`;
  if (up !== normallyUp) line += up ? ", normally down" : ", normally up";
  if (up && status.flagpaused) line += ", paused";
  if (up !== status.flagwantup) line += up ? ", want down" : ", want up";
  if (status.flagready && started) {
    line += `, ready ${secondsSince(status.readystamp, now)} seconds`;
  }
  return line + addition(view);
}

/** What only our supervisor knows. */
function addition(view: ServiceView): string {
  const { reason } = view;
  const next = secondsToNextStart(view);
  let text = reason?.oom ? ", out of memory" : "";
  if (next !== undefined) text += `, next start in ${next} seconds`;
  if (view.status.flagwantup) return text;
  if (reason?.over === "policy") text += ", not restarted (restart-policy)";
  if (reason?.over === "max-restarts") text += ", failed for good (max-restarts)";
  return text;
}

/**
 * Seconds, rounded up, until a service that is wanted up is started again after a delay;
 * `undefined` if no delay counts.
 */
function secondsToNextStart({ reason, status, now }: ServiceView): bigint | undefined {
  if (reason?.next === undefined || !status.flagwantup) return undefined;
  const seconds = -secondsBetween(now, reason.next);
  return seconds > 0n ? seconds : 0n;
}

/** Why the service is down and stays so, if it is not for an administrator's wish. */
function reasonWord(view: ServiceView): string {
  if (view.status.flagwantup) return secondsToNextStart(view) === undefined ? "NA" : "backoff";
  return view.reason?.over ?? "NA";
}

function deathText(status: Svstatus, signalNumbers: boolean): string {
  if (neverStarted(status)) return "not started yet";
  if (!wifsignaled(status.wstat)) return `exitcode ${wexitstatus(status.wstat)}`;
  const signal = wtermsig(status.wstat);
  return `signal ${signalNumbers ? signal : printedSignal(signal)}`;
}

/** Has this supervisor never started it? */
export function neverStarted(status: Svstatus): boolean {
  return status.pid === 0 && !status.flagfinishing && status.flagpaused;
}

/** Does the wait status speak of a death, and not of a service that runs or never ran? */
function diedBefore(status: Svstatus): boolean {
  return !isUp(status) && !neverStarted(status);
}

function pidText(status: Svstatus): string {
  return isUp(status) ? String(status.pid >>> 0) : "-1";
}

function earlier(stamp: Tain, now: Tain): Tain {
  return compareTain(stamp, now) > 0 ? now : stamp;
}

function secondsSince(stamp: Tain, now: Tain): string {
  return String(secondsBetween(now, earlier(stamp, now)));
}
