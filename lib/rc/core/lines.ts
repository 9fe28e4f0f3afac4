/** What s6-rc says of a change, to the letter where C says it. Source: contract 6.2. Pure. */
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

/** What a program of C beside s6-rc would say of its own accord, at every verbosity. */
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

/** The services that a failure has kept from being tried. */
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

/** A longrun's first lives have all been too short. */
export function startFailures(name: string, deaths: number, lastExit: number): Line {
  return warning(
    1,
    `service ${name}: run has died ${deaths} times before it was ready, last exit ${lastExit}: giving it up`,
  );
}

export function unspawnable(name: string, why: string): Line {
  return warning(1, `service ${name}: ${why}`);
}

/** What s6-svc says where nobody supervises. */
export function notListening(name: string): Line {
  return helperLine(
    `s6-svc: fatal: unable to control servicedirs/${name}: supervisor not listening`,
  );
}

const LONGEST_QUOTE = 200;

/** As much of a line that somebody else has written as is told, its control characters written out. */
export function lineStart(line: string): string {
  const text = printable(line);
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}...` : text;
}

/** How long a transition lasts, in words. */
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

/** What s6-svlisten says when a limit runs out. */
export const LISTEN_TIMED_OUT = helperLine("s6-svlisten: fatal: timed out");
export const LISTEN_FAILED = helperLine(
  "s6-svlisten: fatal: some services reported permanent failure or their supervisor died",
);
/** What s6-sudoc says when a oneshot's limit runs out. */
export const SUDO_TIMED_OUT = helperLine(
  "s6-sudoc: fatal: unable to get exit status from server: Connection timed out",
);

/** The text of a line on standard error. */
export function lineText(program: string, { severity, text }: Line): string {
  return severity === "helper" ? text : `${program}: ${severity}: ${text}`;
}
