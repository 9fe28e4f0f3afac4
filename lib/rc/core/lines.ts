/**
 * The messages of s6-rc about a change. Those that C has too are the same to the letter. Source:
 * contract 6.2. Pure.
 */
import { printable } from "../../core/text/printable.ts";
import type { Line } from "./engine_state.ts";
import type { Direction } from "./graph.ts";

function info(level: number, text: string): Line {
  return { level, severity: "info", text };
}

function warning(level: number, text: string): Line {
  return { level, severity: "warning", text };
}

export function fatal(text: string): Line {
  return { level: 0, severity: "fatal", text };
}

/** A message that one of C's helper programs would print by itself, at every verbosity. */
export function helperLine(text: string): Line {
  return { level: 0, severity: "helper", text };
}

export function bringing(direction: Direction): Line {
  return info(3, `bringing selected services ${direction}`);
}

export function already(name: string, direction: Direction): Line {
  return info(3, `service ${name}: already ${direction}`);
}

export function begins(name: string, direction: Direction): Line {
  return info(2, `service ${name}: ${direction === "up" ? "starting" : "stopping"}`);
}

export function succeeded(name: string, done: "started" | "stopped" | "reloaded"): Line {
  return info(2, `service ${name} successfully ${done}`);
}

export function skipped(name: string, because: string): Line {
  return info(2, `service ${name}: skipped (${because})`);
}

export function failed(name: string, action: "start" | "stop" | "reload", how: string): Line {
  return warning(1, `unable to ${action} service ${name}: command ${how}`);
}

export function essential(name: string): Line {
  return warning(1, `service ${name} is marked as essential, not stopping it`);
}

/** Reports the services that were not tried because of a failure. */
export function notTried(direction: Direction, cause: string, names: readonly string[]): Line {
  return warning(
    1,
    `not ${direction === "up" ? "started" : "stopped"} because of ${cause}: ${names.join(", ")}`,
  );
}

export function overruled(direction: Direction, names: readonly string[]): Line {
  return warning(
    1,
    `not ${direction === "up" ? "started" : "stopped"} because of a newer change: ${
      names.join(", ")
    }`,
  );
}

export function aborting(signal: string): Line {
  return warning(2, `received ${signal}, aborting pending processes and exiting asap`);
}

/** Reports that a longrun has died too often before it was ready. */
export function startFailures(name: string, deaths: number, lastExit: number): Line {
  return warning(
    1,
    `service ${name}: run has died ${deaths} times before it was ready, last exit ${lastExit}: giving it up`,
  );
}

export function unspawnable(name: string, why: string): Line {
  return warning(1, `service ${name}: ${why}`);
}

/** The message of s6-svc when there is no supervisor. */
export function notListening(name: string): Line {
  return helperLine(
    `s6-svc: fatal: unable to control servicedirs/${name}: supervisor not listening`,
  );
}

const LONGEST_QUOTE = 200;

/** The beginning of a line that another program wrote, with control characters escaped. */
export function lineStart(line: string): string {
  const text = printable(line);
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}...` : text;
}

/** Reports how long a transition has been running. */
export function lastsText(
  name: string,
  direction: Direction,
  facts: {
    readonly lastsMs: number;
    readonly deaths: number;
    readonly lastExit: number | undefined;
    readonly isLongrun: boolean;
  },
): string {
  const { lastsMs, deaths, lastExit, isLongrun } = facts;
  const state = `service ${name}: still ${direction === "up" ? "starting" : "stopping"} after ${
    Math.round(lastsMs / 1000)
  } s`;
  if (deaths > 0 && direction === "up") {
    return `${state}: run has died ${deaths} ${
      deaths === 1 ? "time" : "times"
    }, last exit ${lastExit}`;
  }
  if (!isLongrun) return `${state}: its script runs`;
  return direction === "up" ? `${state}: it is not ready` : `${state}: it has not ended`;
}

export const TIMED_OUT = fatal("timed out");

/** The message of s6-svlisten when a limit runs out. */
export const LISTEN_TIMED_OUT = helperLine("s6-svlisten: fatal: timed out");
export const LISTEN_FAILED = helperLine(
  "s6-svlisten: fatal: some services reported permanent failure or their supervisor died",
);
/** The message of s6-sudoc when a oneshot's limit runs out. */
export const SUDO_TIMED_OUT = helperLine(
  "s6-sudoc: fatal: unable to get exit status from server: Connection timed out",
);

/** The text of a line on standard error. */
export function lineText(program: string, { severity, text }: Line): string {
  return severity === "helper" ? text : `${program}: ${severity}: ${text}`;
}
