/**
 * Parses the first line of a script as all kernels do. Where kernels disagree it gives up: on a
 * line longer than the oldest kernel reads, on one that ends with a NUL, and on an interpreter
 * without an absolute path. Source: execve(2), linux, fs/binfmt_script.c. Pure.
 */
import {} from "../../core/text/path_name.ts";
import { interpreterWords } from "../../core/diagnosis/shebang.ts";

/** How much of a file to read. Kernels before 5.1 look at this much. */
export const SCRIPT_HEAD_SIZE = 128;

const LF = 10;
const NUL = 0;

/**
 * The words that run the script at `path` with `args`; the first is the interpreter. Undefined if
 * it is not a script, or not certainly one.
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
