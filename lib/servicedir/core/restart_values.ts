/**
 * What stands in `restart-policy`, `max-restarts` and `exit-codes-ok`, which are files of ours. Source:
 * docs/servicedir.md. Pure.
 */
import { parseUint } from "../../core/linux/config_file.ts";
import { type DeathEvents, parseDeathEvents } from "./death_events.ts";

/** The largest N of `max-restarts`: each restart of that time is remembered. */
export const MAX_MAX_RESTARTS = 4096;

/** The longest line of `exit-codes-ok`. */
export const MAX_EXIT_CODES = 200;

export type RestartPolicy = "always" | "on-failure" | "never";

/** More than `count` restarts within `withinMs` are a failure for good. */
export interface MaxRestarts {
  readonly count: number;
  readonly withinMs: number;
}

/** The word in `restart-policy`; `undefined` if it is none. */
export function parseRestartPolicy(text: string): RestartPolicy | undefined {
  return text === "always" || text === "on-failure" || text === "never" ? text : undefined;
}

/**
 * `N/SECONDS` of `max-restarts`: N up to 4096, at least one second; `undefined` if the text is
 * anything else.
 */
export function parseMaxRestarts(text: string): MaxRestarts | undefined {
  const [first = "", second = "", ...more] = text.split("/");
  const count = parseUint(first);
  const seconds = parseUint(second);
  if (
    count === undefined || count > MAX_MAX_RESTARTS || seconds === undefined || seconds === 0 ||
    more.length > 0
  ) return undefined;
  return { count, withinMs: seconds * 1000 };
}

/**
 * The exit codes, ranges of them and names of signals in `exit-codes-ok`; `undefined` if the text
 * is anything else, names none, or is longer than 200 characters.
 */
export function parseExitCodes(text: string): DeathEvents | undefined {
  if (text.length > MAX_EXIT_CODES) return undefined;
  try {
    const events = parseDeathEvents(text.trim());
    return events.exitcodes.size + events.signals.size === 0 ? undefined : events;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
