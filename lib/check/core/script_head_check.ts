/**
 * The first line of an execline script: that it is execlineb's, with options that execlineb takes
 * as the kernel gives them. Pure.
 */
import { type OptionSpec, parseCommandLine, UsageError } from "../../core/cli/getopt.ts";
import { interpreterWords } from "../../core/diagnosis/shebang.ts";

/** What is wrong with it; undefined if nothing is, or if there is no `#!`. */
export function headComplaint(
  bytes: Uint8Array,
  options: readonly OptionSpec[],
): string | undefined {
  const words = interpreterWords(bytes, "script");
  if (words === undefined) return undefined;
  const [interpreter, ...rest] = words as [string, ...string[]];
  const argument = rest.length === 2 ? rest[0]! : undefined;
  if (interpreter.endsWith("\r") || argument?.endsWith("\r")) {
    return "the first line ends in CR LF: the kernel looks for an interpreter with a CR in its name";
  }
  if (/(?:^|\/)with-contenv$/.test(interpreter)) return undefined;
  if (!/(?:^|\/)execlineb$/.test(interpreter)) {
    return `this is no execline script: its interpreter is ${interpreter}`;
  }
  if (argument === undefined) return undefined;
  try {
    parseCommandLine([argument, "script"], options);
    return undefined;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const blank = /\s/.test(argument)
      ? ": the kernel passes all that follows the interpreter as one word; join the options, like -PS1"
      : "";
    return `execlineb: ${error.message}${blank}`;
  }
}
