/**
 * What the options of s6-svwait, s6-svlisten and s6-svlisten1 ask for. Source: s6,
 * doc/s6-svwait.html.
 */
import { parseUint } from "../core/linux/config_file.ts";
import { type ParsedOption, UsageError } from "../core/cli/getopt.ts";
import type { Wanted } from "./core/svwait_state.ts";

export interface WantedState {
  readonly wanted: Wanted;
  readonly any: boolean;
  /** 0 for no limit. */
  readonly timeoutMs: number;
}

/**
 * What the options ask for; of contradicting ones the last counts. @throws {UsageError} If the
 * timeout is no number.
 */
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
