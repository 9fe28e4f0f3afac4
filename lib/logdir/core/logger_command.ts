/**
 * What stands behind `s6-log` on a command line: options, then a logging script. Source: s6,
 * doc/s6-log.html. Pure.
 */
import { parseCommandLine, UsageError } from "../../core/cli/getopt.ts";
import type { LogOptions } from "./log_options.ts";
import { LOG_OPTIONS, parseLogOptions } from "./log_options.ts";
import type { LogScript, LogScriptOptions } from "./log_script.ts";
import { parseLogScript } from "./log_script.ts";

export interface LoggerCommand {
  readonly options: LogOptions;
  readonly script: LogScript;
}

/** @throws {SyntaxError} If C's s6-log would exit 100 over it. */
export function parseLoggerCommand(
  words: readonly string[],
  check: LogScriptOptions = {},
): LoggerCommand {
  const { options, operands } = parseCommandLine(words, LOG_OPTIONS);
  if (operands.length === 0) throw new UsageError("no logging script given");
  return { options: parseLogOptions(options), script: parseLogScript(operands, check) };
}
