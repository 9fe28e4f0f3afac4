/** Options that several links have. */
import type { OptionSpec } from "../../lib/core/cli/getopt.ts";

export const AUTOIMPORT: readonly OptionSpec[] = [
  {
    short: "E",
    text: "substitute the variable in what follows, instead of leaving it in the environment",
  },
  { short: "e", text: "leave it in the environment (the default)" },
];

/** Of loops: which exit codes of the body end them, and how many run at a time. */
export const LOOP_CODES: readonly OptionSpec[] = [
  { short: "o", arg: "CODES", text: "stop at an exit code that is not one of these" },
  { short: "x", arg: "CODES", text: "stop at one of these" },
];
export const LOOP_PARALLEL: readonly OptionSpec[] = [
  { short: "p", text: "all at once" },
  { short: "P", arg: "N", text: "so many at a time" },
];
/** Of loops over lines. */
export const LOOP_LINES: readonly OptionSpec[] = [
  { short: "N", text: "keep the newline of each line" },
  { short: "n", text: "drop it, and a last line without one (the default)" },
  { short: "C", text: "pass over empty lines" },
  { short: "c", text: "don't (the default)" },
  { short: "0", text: "lines end at a NUL" },
  {
    short: "d",
    arg: "DELIM",
    text: "lines end at any of these bytes; empty: the input is netstrings",
  },
];
