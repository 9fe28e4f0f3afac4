/** The options about the logger that s6-instance-maker and s6-usertree-maker have in common. */
import { type OptionSpec, UsageError } from "../../lib/core/cli/getopt.ts";
import type { GivenThese } from "../../lib/core/cli/given.ts";
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { parseUint } from "../../lib/core/linux/config_file.ts";
import { type LoggerPlan, parseRcNames, type RcNames } from "../../lib/instances/core/generated.ts";
import { Failure } from "../context.ts";
import { languageOf } from "../hexad/script_language.ts";

export const LOGGER_OPTIONS = [
  { short: "l", arg: "LOGUSER", text: "the user as whom the logger runs" },
  {
    short: "t",
    arg: "STAMPTYPE",
    text: "stamps before lines: 0 none, 1, the default: TAI64N, 2 a date, 3 both",
  },
  { short: "n", arg: "NFILES", text: "keep so many archives; default: 10" },
  { short: "s", arg: "FILESIZE", text: "rotate at so many bytes; default: 1000000" },
  { short: "S", arg: "MAXSIZE", text: "keep so many bytes of archives; 0, the default: no limit" },
  { short: "P", arg: "PREFIX", text: "put this before each line" },
  {
    short: "r",
    arg: "NAMES",
    text: "service/logger/pipeline: write definitions of these names for s6-rc into dir",
  },
] as const satisfies readonly OptionSpec[];

type LoggerGiven = GivenThese<never, "l" | "t" | "n" | "s" | "S" | "P" | "r">;

const DEFAULT_ARCHIVES = "10";
const DEFAULT_BYTES = "1000000";
const MOST_STAMPS = 3;

/** @throws {UsageError | Failure} If an option is wrong. */
export function loggerPlan({ value }: Pick<LoggerGiven, "value">, directory: string): LoggerPlan {
  const stampType = number("stamptype", value("t") ?? "1");
  if (!directory.startsWith("/")) throw new Failure(EXIT_USAGE, "logdir must be absolute");
  if (stampType > MOST_STAMPS) throw new Failure(EXIT_USAGE, "stamptype must be 0, 1, 2 or 3");
  return {
    interpreter: interpreter(),
    user: value("l"),
    directory,
    stampType,
    archives: number("nfiles", value("n") ?? DEFAULT_ARCHIVES),
    fileBytes: large("filesize", value("s") ?? DEFAULT_BYTES),
    totalBytes: large("maxsize", value("S") ?? "0"),
    prefix: value("P"),
  };
}

/** The path of execlineb here, or in an image. */
export function interpreter(): string {
  return languageOf("execline", undefined).interpreter;
}

/** The names of `-r`; undefined without it. @throws {Failure} If they are none. */
export function rcNames(
  { value }: Pick<LoggerGiven, "value">,
  hasLogger: boolean,
): RcNames | undefined {
  const text = value("r");
  if (text === undefined) return undefined;
  const names = parseRcNames(text, hasLogger);
  if (typeof names === "string") throw new Failure(EXIT_USAGE, names);
  return names;
}

export function number(what: string, text: string): number {
  const parsed = parseUint(text);
  if (parsed === undefined) throw new UsageError(`invalid ${what}: ${text}`);
  return parsed;
}

/** A number of 64 bits, as it is written. */
function large(what: string, text: string): string {
  if (!/^[0-9]+$/.test(text) || BigInt(text) >= 1n << 64n) {
    throw new UsageError(`invalid ${what}: ${text}`);
  }
  return String(BigInt(text));
}
