/**
 * The file `logscript` of a log service: what would stand behind `s6-log` in a run script for
 * execline, in front of it `user:NAME` if it is to run as another user. Nothing is substituted, and
 * blocks have no meaning here. Pure.
 */
import { parseScript, ScriptError } from "../../execline/core/execline_script.ts";

/** The largest file that is read. */
export const MAX_LOGSCRIPT = 16384;

export interface LogscriptFile {
  /** The name, or `USER:GROUP`, after `user:`; absent: the user of s6-svscan. */
  readonly user?: string;
  /** Options and directives for s6-log. */
  readonly words: readonly string[];
}

const USER = "user:";

function wordsOf(bytes: Uint8Array): string[] {
  try {
    return [...parseScript(bytes, "logscript").texts];
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    throw new SyntaxError(`${error.message} in line ${error.place.line}`);
  }
}

/**
 * Reads the file.
 *
 * @throws {SyntaxError} If it is no list of words, or there is none but the user's.
 */
export function parseLogscriptFile(bytes: Uint8Array): LogscriptFile {
  if (bytes.length > MAX_LOGSCRIPT) {
    throw new SyntaxError(`it is larger than ${MAX_LOGSCRIPT} bytes`);
  }
  if (bytes.includes(0)) throw new SyntaxError("it contains a NUL");
  const words = wordsOf(bytes);
  const user = words[0]?.startsWith(USER) ? words.shift()!.slice(USER.length) : undefined;
  if (user === "") throw new SyntaxError("user: without a name");
  if (words.length === 0) throw new SyntaxError("there is no logging script in it");
  return user === undefined ? { words } : { user, words };
}
