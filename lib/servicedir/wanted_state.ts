/**
 * What the options of s6-svwait, s6-svlisten and s6-svlisten1 ask for. Source: s6,
 * doc/s6-svwait.html.
 */
import { parseUint } from "../core/linux/config_file.ts";
import { UsageError } from "../core/cli/getopt.ts";
import type { GivenOptions } from "../core/cli/given.ts";
import type { Wanted } from "./core/svwait_state.ts";

export interface WantedState {
  readonly wanted: Wanted;
  readonly any: boolean;
  /** 0 for no limit. */
  readonly timeoutMs: number;
}

const STATES = ["u", "U", "d", "D", "r", "R"] as const satisfies readonly Wanted[];

/**
 * What the options ask for; of contradicting ones the last counts. @throws {UsageError} If a
 * timeout is no number.
 */
export function wantedState({ last, values }: GivenOptions): WantedState {
  return {
    wanted: last(...STATES) ?? "u",
    any: last("a", "o") === "o",
    timeoutMs: values("t").map(parseTimeout).at(-1) ?? 0,
  };
}

/** Milliseconds, as `-t` takes them. @throws {UsageError} If `text` is no unsigned number. */
export function parseTimeout(text: string): number {
  const timeoutMs = parseUint(text);
  if (timeoutMs === undefined) throw new UsageError(`timeout must be an unsigned integer: ${text}`);
  return timeoutMs;
}
