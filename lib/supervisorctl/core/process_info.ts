/**
 * A service as supervisorctl shows it, which calls it a process of a group. Source: supervisor 4.2,
 * docs/subprocess.rst, "Process States"; supervisorctl.py. Pure.
 */
import {
  isPaused,
  type ServiceFacts,
  startFault,
  stateWord,
} from "../../status/core/service_state.ts";
import { neverStarted } from "../../servicedir/core/svstat_line.ts";
import type { CalendarTime } from "../../core/time/calendar_time.ts";
import { secondsBetween, type Tain, tainToUnix } from "../../core/time/tain.ts";

export type StateName =
  | "STOPPED"
  | "STARTING"
  | "RUNNING"
  | "BACKOFF"
  | "STOPPING"
  | "EXITED"
  | "FATAL"
  | "UNKNOWN";

export interface ProcessInfo {
  readonly group: string;
  readonly name: string;
  /** The service, as the scan directory has it. */
  readonly service: string;
  readonly state: StateName;
  /** 0 if it does not run. */
  readonly pid: number;
  readonly description: string;
}

const RUNNING: readonly StateName[] = ["RUNNING", "STARTING", "BACKOFF"];
const STOPPED: readonly StateName[] = ["STOPPED", "EXITED", "FATAL", "UNKNOWN"];
const EARLY_END = "Exited too quickly (process log may have details)";
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const DAY = 86_400;
const HOUR = 3600;
const MINUTE = 60;
/** Columns of the shortest first column, and between the first two. */
const NAME_COLUMNS = 30;
const GAP = 3;
const STATE_COLUMNS = 10;

/** Does it run, or is it to? */
export function isRunning({ state }: ProcessInfo): boolean {
  return RUNNING.includes(state);
}

/** Is it in a state that makes `status` exit with 3? */
export function isStopped({ state }: ProcessInfo): boolean {
  return STOPPED.includes(state);
}

/** What it is called where it is shown and named: `web`, `workers:one`. */
export function namespecOf({ group, name }: Pick<ProcessInfo, "group" | "name">): string {
  return group === name ? name : `${group}:${name}`;
}

/** What a word names: `web`, `workers:one`; without a name all of a group: `workers:*`. */
export function splitNamespec(
  word: string,
): { readonly group: string; readonly name: string | undefined } {
  const colon = word.indexOf(":");
  if (colon < 0) return { group: word, name: word };
  const name = word.slice(colon + 1);
  return { group: word.slice(0, colon), name: name === "" || name === "*" ? undefined : name };
}

export interface ProcessNames {
  readonly group: string;
  readonly name: string;
}

/**
 * @param local The time of day at a place, for a moment
 */
export function processInfo(
  facts: ServiceFacts,
  names: ProcessNames,
  { now, local }: { readonly now: Tain; local(moment: Tain): CalendarTime },
): ProcessInfo {
  const { status, name: service } = facts;
  const pid = (status?.pid ?? 0) >>> 0;
  const is = (state: StateName, description: string): ProcessInfo => ({
    ...names,
    service,
    state,
    pid: state === "RUNNING" || state === "STARTING" || state === "STOPPING" ? pid : 0,
    description,
  });
  if (status === undefined) return is("UNKNOWN", facts.fault ?? "");
  const ended = (): string => neverStarted(status) ? "Not started" : dateOf(local(status.stamp));
  switch (stateWord(facts)) {
    case "up":
    case "ready": {
      if (!status.flagwantup) return is("STOPPING", "");
      if (facts.tellsReadiness && !status.flagready) return is("STARTING", "");
      const paused = isPaused(facts) ? ", paused" : "";
      return is(
        "RUNNING",
        `pid ${pid}, uptime ${uptime(secondsBetween(now, status.stamp))}${paused}`,
      );
    }
    case "finishing":
      return status.flagwantup ? is("BACKOFF", EARLY_END) : is("STOPPING", "");
    case "backing off":
      return is("BACKOFF", startFault(facts) ?? EARLY_END);
    case "failed":
      return is("FATAL", startFault(facts) ?? EARLY_END);
    case "done":
      return is("EXITED", ended());
    case "down":
      return is("STOPPED", ended());
    default:
      return is("UNKNOWN", facts.fault ?? "");
  }
}

/** `0:01:02`, `1 day, 0:00:00`, `12 days, 3:04:05`. */
export function uptime(seconds: bigint): string {
  const whole = Math.max(0, Number(seconds));
  const days = Math.floor(whole / DAY);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  const time = `${Math.floor(whole % DAY / HOUR)}:${two(whole % HOUR / MINUTE)}:${
    two(whole % MINUTE)
  }`;
  return days === 0 ? time : `${days} day${days === 1 ? "" : "s"}, ${time}`;
}

/** `Dec 01 04:05 AM`. */
function dateOf({ month, day, hour, minute }: CalendarTime): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const half = hour < 12 ? "AM" : "PM";
  return `${MONTHS[month - 1]} ${two(day)} ${two(hour % 12 || 12)}:${two(minute)} ${half}`;
}

/** The lines of `status`. */
export function statusLines(infos: readonly ProcessInfo[]): string[] {
  const width = Math.max(NAME_COLUMNS, ...infos.map((info) => namespecOf(info).length)) + GAP;
  return infos.map((info) =>
    namespecOf(info).padEnd(width) + info.state.padEnd(STATE_COLUMNS) + info.description
  );
}

/** Unix seconds, for who asks the calendar. */
export function secondsOf(moment: Tain): bigint {
  return tainToUnix(moment).seconds;
}
