/**
 * The first line of a script, as every kernel reads it. What kernels disagree about is left alone:
 * a line that is longer than the oldest one reads, one that a NUL ends, an interpreter that is not
 * told by its whole path. Source: execve(2), linux, fs/binfmt_script.c. Pure.
 */
import {} from "../../core/text/path_name.ts";
import { interpreterWords } from "../../core/diagnosis/shebang.ts";

/** What must be read of a file. Kernels before 5.1 look at so much. */
export const SCRIPT_HEAD_SIZE = 128;

const LF = 10;
const NUL = 0;

/**
 * The words that run the script at `path` with `args`, of which the first is the interpreter.
 * Undefined if it is no script, or not surely one.
 */
export function scriptWords(
  head: Uint8Array,
  path: string,
  args: readonly string[],
): readonly string[] | undefined {
  const end = head.subarray(0, SCRIPT_HEAD_SIZE).indexOf(LF);
  if (end < 0 || head.subarray(0, end).includes(NUL)) return undefined;
  const words = interpreterWords(head, path);
  return words?.[0]?.startsWith("/") ? [...words, ...args] : undefined;
}
