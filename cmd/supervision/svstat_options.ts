/** The options of s6-svstat. */
import type { OptionSpec } from "../../lib/core/cli/getopt.ts";
import { SVSTAT_FIELDS } from "../../lib/servicedir/core/svstat_line.ts";

export const SVSTAT_OPTIONS = [
  {
    short: "o",
    arg: "FIELDS",
    text: `fields, separated by commas: ${Object.keys(SVSTAT_FIELDS).join(", ")}`,
  },
  { short: "u", text: "as -o up", means: ["up"] },
  { short: "w", text: "as -o wantedup", means: ["wantedup"] },
  { short: "N", text: "as -o normallyup", means: ["normallyup"] },
  { short: "r", text: "as -o ready", means: ["ready"] },
  { short: "p", text: "as -o pid", means: ["pid"] },
  { short: "g", text: "as -o pgid", means: ["pgid"] },
  { short: "e", text: "as -o exitcode", means: ["exitcode"] },
  { short: "s", text: "as -o signal", means: ["signal"] },
  { short: "t", text: "as -o updownfor", means: ["updownfor"] },
  {
    short: "n",
    text: "in the line for people, print the number of a signal, not its name",
    means: [],
  },
] as const satisfies readonly OptionSpec[];
