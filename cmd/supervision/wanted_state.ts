/**
 * The options that s6-svwait, s6-svlisten and s6-svlisten1 share. Source: s6, doc/s6-svwait.html.
 */
import type { OptionSpec } from "../../lib/core/cli/getopt.ts";

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

export const TIMEOUT_OPTION: OptionSpec = {
  short: "t",
  arg: "MS",
  text: "give up after so many milliseconds; 0, the default, is never",
};
