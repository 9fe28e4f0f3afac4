/**
 * Scripts for `logutil-service`: the words of S6_LOGGING_SCRIPT, and the `run` of a log service
 * that only becomes `logutil-service`. Pure.
 *
 * Such a `run` is a script for a shell or execlineb with one command, `exec logutil-service
 * DIRECTORY`, with only literal words. Any other script runs as it is. Source: s6-overlay 3.2.3,
 * logutil-service; README, "Writing a logger".
 */
import { decodePath } from "../../core/text/path_bytes.ts";

/** Used if S6_LOGGING_SCRIPT is not set. */
export const DEFAULT_LOGGING_SCRIPT = "n20 s1000000 T";

/** The most bytes of such a script, with comments. */
export const MAX_LOGUTIL_RUN = 4096;

/**
 * Shells, execlineb, and with-contenv before one of them: none of these changes the meaning of the
 * one command.
 */
const INTERPRETER =
  /^#![ \t]*(\/\S+\/with-contenv[ \t]+|\/\S+\/env[ \t]+)?(\/\S+\/)?((ba|da|a|k|z)?sh|execlineb[ \t]+-P|execlineb)[ \t]*$/;
const COMMAND =
  /^[ \t]*(?:exec[ \t]+)?(?:\/\S+\/)?logutil-service[ \t]+(?:--[ \t]+)?([\w./@][\w./@:+,=-]*)[ \t]*$/;
const NOTHING = /^[ \t]*(#.*)?$/;

/** The directives for s6-log. */
export function loggingScriptWords(script: string): string[] {
  return script.split(/[ \t]+/).filter((word) => word !== "");
}

/** The directory that `run` logs into; undefined if it does anything else. */
export function logutilDirectory(run: Uint8Array): string | undefined {
  if (run.length > MAX_LOGUTIL_RUN) return undefined;
  const [first = "", ...lines] = decodePath(run).split("\n");
  const commands = lines.filter((line) => !NOTHING.test(line));
  if (!INTERPRETER.test(first) || commands.length !== 1) return undefined;
  return COMMAND.exec(commands[0]!)?.[1];
}
