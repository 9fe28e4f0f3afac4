/** The options that s6-svwait, s6-svlisten and s6-svlisten1 share. Source: s6, doc/s6-svwait.html. */
import { parseUint } from "../lib/core/config_file.ts";
import { type OptionSpec, type ParsedOption, UsageError } from "../lib/core/getopt.ts";
import type { Wanted } from "../lib/core/svwait_state.ts";

export const STATE_OPTIONS: readonly OptionSpec[] = [
  { short: "u", text: "wait until up (the default)" },
  { short: "U", text: "wait until up and ready" },
  { short: "d", text: "wait until down" },
  { short: "D", text: "wait until down, with the finish script done" },
  { short: "r", text: "wait until restarted: down, then up" },
  { short: "R", text: "wait until restarted and ready" },
];

export const ANY_OPTIONS: readonly OptionSpec[] = [
  { short: "a", text: "all services must be in that state (the default)" },
  { short: "o", text: "one service in that state is enough" },
];

export const TIMEOUT_OPTION: OptionSpec = { short: "t", arg: "MS", text: "give up after so many milliseconds; 0, the default, is never" };

export interface WantedState {
  readonly wanted: Wanted;
  readonly any: boolean;
  /** 0 for no limit. */
  readonly timeoutMs: number;
}

/** What the options ask for; of contradicting ones the last counts. @throws {UsageError} If the timeout is no number. */
export function wantedState(options: readonly ParsedOption[]): WantedState {
  let wanted: Wanted = "u";
  let any = false;
  let timeoutMs = 0;
  for (const { name, value } of options) {
    switch (name) {
      case "u":
      case "U":
      case "d":
      case "D":
      case "r":
      case "R":
        wanted = name;
        break;
      case "a":
      case "o":
        any = name === "o";
        break;
      case "t":
        timeoutMs = parseTimeout(value);
    }
  }
  return { wanted, any, timeoutMs };
}

/** Milliseconds, as `-t` takes them. @throws {UsageError} If `text` is no unsigned number. */
export function parseTimeout(text: string): number {
  const timeoutMs = parseUint(text);
  if (timeoutMs === undefined) throw new UsageError(`timeout must be an unsigned integer: ${text}`);
  return timeoutMs;
}
