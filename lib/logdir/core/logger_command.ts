/**
 * What stands behind `s6-log` on a command line: options, then a logging script. Source: s6,
 * doc/s6-log.html. Pure.
 */
import { UsageError } from "../../core/cli/getopt.ts";
import { readCommandLine } from "../../core/cli/given.ts";
import type { LogOptions } from "./log_options.ts";
import { LOG_OPTIONS, logOptionsOf } from "./log_options.ts";
import type { LogScript, LogScriptOptions } from "./log_script.ts";
import { parseLogScript } from "./parse_log_script.ts";

export interface LoggerCommand {
  readonly options: LogOptions;
  readonly script: LogScript;
}

export interface LoggerArguments {
  readonly options: LogOptions;
  readonly directives: readonly string[];
}

/** Its options, and the script as words. @throws {UsageError} If options are wrong. */
export function loggerArguments(words: readonly string[]): LoggerArguments {
  const given = readCommandLine(words, { options: LOG_OPTIONS });
  if (given.operands.length === 0) throw new UsageError("no logging script given");
  return { options: logOptionsOf(given), directives: given.operands };
}

/** @throws {SyntaxError} If C's s6-log would exit 100 over it. */
export function parseLoggerCommand(
  words: readonly string[],
  check: LogScriptOptions = {},
): LoggerCommand {
  const { options, directives } = loggerArguments(words);
  return { options, script: parseLogScript(directives, check) };
}
