/** The options of s6-log. Source: s6, doc/s6-log.html. Pure. */
import { parseUint } from "../../core/linux/config_file.ts";
import type { OptionSpec, ParsedOption } from "../../core/cli/getopt.ts";
import { UsageError } from "../../core/cli/getopt.ts";

export const LOG_OPTIONS: readonly OptionSpec[] = [
  {
    short: "d",
    arg: "FD",
    text:
      "write a newline to this descriptor when the script is read and all log directories are open",
  },
  { short: "q", text: "say nothing about errors that are tried again" },
  { short: "v", text: "say more" },
  { short: "b", text: "read nothing while lines wait to be written" },
  { short: "p", text: "ignore SIGTERM" },
  { short: "l", arg: "BYTES", text: "cut longer lines (8192; at least 48; 0: never)" },
  {
    short: "t",
    arg: "MS",
    text: "when told to end, wait so long for the end of a line (2000; 0: for ever)",
  },
];

export interface LogOptions {
  readonly notificationFd?: number;
  readonly verbosity: number;
  readonly holdBack: boolean;
  readonly protect: boolean;
  readonly lineLimit: number;
  readonly lastLineMs: number;
}

const MIN_LINE_LIMIT = 48;

function numberOf({ name, value }: ParsedOption): number {
  const number = parseUint(value);
  if (number === undefined) throw new UsageError(`option -${name} takes a number, not ${value}`);
  return number;
}

/** @throws {UsageError} If a number is none. */
export function parseLogOptions(options: readonly ParsedOption[]): LogOptions {
  const settings: { -readonly [Key in keyof LogOptions]: LogOptions[Key] } = {
    verbosity: 1,
    holdBack: false,
    protect: false,
    lineLimit: 8192,
    lastLineMs: 2000,
  };
  for (const option of options) {
    if (option.name === "d") settings.notificationFd = numberOf(option);
    else if (option.name === "q") settings.verbosity = Math.max(0, settings.verbosity - 1);
    else if (option.name === "v") settings.verbosity++;
    else if (option.name === "b") settings.holdBack = true;
    else if (option.name === "p") settings.protect = true;
    else if (option.name === "l") settings.lineLimit = numberOf(option);
    else if (option.name === "t") settings.lastLineMs = numberOf(option);
  }
  if (settings.lineLimit > 0) settings.lineLimit = Math.max(settings.lineLimit, MIN_LINE_LIMIT);
  return settings;
}
