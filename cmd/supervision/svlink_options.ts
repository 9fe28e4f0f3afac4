/** The options of s6-svlink, which s6-instance-create has too. */
import type { OptionSpec } from "../../lib/core/cli/getopt.ts";

export const SVLINK_OPTIONS = [
  { short: "d", text: "don't start the service; a down file is removed afterwards" },
  { short: "D", text: "don't start the service, and leave a down file" },
  { short: "P", text: "let everybody listen to the service's events, not only our group" },
  { short: "f", text: "set the mode of the event directory even if it exists" },
  { short: "t", arg: "MS", text: "give up after so many milliseconds; 0, the default, is never" },
] as const satisfies readonly OptionSpec[];
