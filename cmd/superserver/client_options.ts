/** What connects to a Unix socket: the options of s6-ipcclient, which s6-sudo has too. */
import type { OptionSpec } from "../../lib/core/cli/getopt.ts";

export const CLIENT_OPTIONS = [
  { short: "q", text: "without effect: nothing but an error is said anyway" },
  { short: "Q", text: "the same (the default)" },
  { short: "v", text: "say that it has connected" },
  { short: "p", arg: "BINDPATH", text: "bind the own side to this path" },
  { short: "l", arg: "LOCALNAME", text: "the value of IPCLOCALPATH, in place of that path" },
] as const satisfies readonly OptionSpec[];
