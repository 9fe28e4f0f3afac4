/**
 * The state of a service as runit and daemontools know it, out of what s6 tells, and their lines
 * about it. Neither knows readiness, and s6 does not tell whether the service has got SIGTERM.
 * Source: runit, sv(8), sv.c; daemontools, svstat. Pure.
 */
import type { Svstatus } from "../../servicedir/core/svstatus.ts";
import { secondsBetween, type Tain } from "../../core/time/tain.ts";

export interface OldStatus {
  readonly state: "down" | "run" | "finish";
  /** Of `run` or `finish`; 0 for none. */
  readonly pid: number;
  readonly paused: boolean;
  readonly wantsUp: boolean;
  readonly ready: boolean;
  /** By this supervisor. */
  readonly neverStarted: boolean;
  /** When the state began. */
  readonly since: Tain;
}

export function oldStatus(status: Svstatus): OldStatus {
  const { pid } = status;
  return {
    state: pid === 0 ? "down" : status.flagfinishing ? "finish" : "run",
    pid,
    paused: pid !== 0 && status.flagpaused,
    wantsUp: status.flagwantup,
    ready: status.flagready,
    neverStarted: pid === 0 && status.flagpaused,
    since: status.stamp,
  };
}

export interface StatusView {
  readonly status: OldStatus;
  readonly now: Tain;
  readonly normallyUp: boolean;
}

function seconds({ status, now }: StatusView): bigint {
  const passed = secondsBetween(now, status.since);
  return passed < 0n ? 0n : passed;
}

function remarks({ status: { pid, paused, wantsUp }, normallyUp }: StatusView): string {
  const isUp = pid !== 0;
  const normally = isUp === normallyUp ? "" : normallyUp ? ", normally up" : ", normally down";
  const wants = isUp === wantsUp ? "" : wantsUp ? ", want up" : ", want down";
  return normally + (paused ? ", paused" : "") + wants;
}

/** As `sv status` prints it, without a newline. */
export function runitLine(name: string, view: StatusView): string {
  const { state, pid } = view.status;
  const which = pid === 0 ? "" : `(pid ${pid}) `;
  return `${state}: ${name}: ${which}${seconds(view)}s${remarks(view)}`;
}

/** As `svstat` prints it, without the name in front and the newline. */
export function daemontoolsLine(view: StatusView): string {
  const { pid } = view.status;
  const which = pid === 0 ? "down" : `up (pid ${pid})`;
  return `${which} ${seconds(view)} seconds${remarks(view)}`;
}
