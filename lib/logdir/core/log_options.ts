/** The options of s6-log. Source: s6, doc/s6-log.html. Pure. */
import { parseUint } from "../../core/linux/config_file.ts";
import type { OptionSpec } from "../../core/cli/getopt.ts";
import { type Given, settingsOf } from "../../core/cli/given.ts";
import { UsageError } from "../../core/cli/getopt.ts";

export const LOG_OPTIONS = [
  {
    short: "d",
    arg: "FD",
    text:
      "write a newline to this descriptor when the script is read and all log directories are open",
    means: (text: string) => ({ notificationFd: numberOf("-d", text) }),
  },
  {
    short: "q",
    text: "say nothing about errors that are tried again",
    means: (_: string, { verbosity }: LogOptions) => ({ verbosity: Math.max(0, verbosity - 1) }),
  },
  {
    short: "v",
    text: "say more",
    means: (_: string, { verbosity }: LogOptions) => ({ verbosity: verbosity + 1 }),
  },
  { short: "b", text: "read nothing while lines wait to be written", means: { holdBack: true } },
  { short: "p", text: "ignore SIGTERM", means: { protect: true } },
  {
    short: "l",
    arg: "BYTES",
    text: "cut longer lines (8192; at least 48; 0: never)",
    means: (text: string) => ({ lineLimit: numberOf("-l", text) }),
  },
  {
    short: "t",
    arg: "MS",
    text: "when told to end, wait so long for the end of a line (2000; 0: for ever)",
    means: (text: string) => ({ lastLineMs: numberOf("-t", text) }),
  },
] as const satisfies readonly OptionSpec[];

export interface LogOptions {
  readonly notificationFd?: number;
  readonly verbosity: number;
  readonly holdBack: boolean;
  readonly protect: boolean;
  readonly lineLimit: number;
  readonly lastLineMs: number;
}

const MIN_LINE_LIMIT = 48;

function numberOf(option: string, text: string): number {
  const number = parseUint(text);
  if (number === undefined) throw new UsageError(`option ${option} takes a number, not ${text}`);
  return number;
}

const DEFAULTS: LogOptions = {
  verbosity: 1,
  holdBack: false,
  protect: false,
  lineLimit: 8192,
  lastLineMs: 2000,
};

/** What the options of a command line set. @throws {UsageError} If a number is none. */
export function logOptionsOf({ rows }: Given<typeof LOG_OPTIONS[number]>): LogOptions {
  const settings = settingsOf<LogOptions>(rows(), DEFAULTS);
  const { lineLimit } = settings;
  return lineLimit > 0 ? { ...settings, lineLimit: Math.max(lineLimit, MIN_LINE_LIMIT) } : settings;
}
