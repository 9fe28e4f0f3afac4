/**
 * The first line of a script as the kernel reads it, which ends at a NUL too: an interpreter and at
 * most one argument, the whole rest of the line. Source: execve(2). Pure.
 */
import { decodePath } from "../text/path_bytes.ts";

const KERNEL_SCRIPT_HEAD = 256;
const LF = 10;
const NUL = 0;

/**
 * The words that run the script at `path`: interpreter, its argument if there is one, the script.
 * Undefined if it has no `#!` with one.
 */
export function interpreterWords(head: Uint8Array, path: string): readonly string[] | undefined {
  if (head[0] !== 0x23 || head[1] !== 0x21) return undefined;
  const seen = head.subarray(2, KERNEL_SCRIPT_HEAD);
  const end = seen.findIndex((byte) => byte === LF || byte === NUL);
  const line = decodePath(end < 0 ? seen : seen.subarray(0, end)).replace(/^[ \t]+|[ \t]+$/g, "");
  const [interpreter] = line.split(/[ \t]/, 1);
  if (interpreter === undefined || interpreter === "") return undefined;
  const argument = line.slice(interpreter.length).replace(/^[ \t]+/, "");
  return argument === "" ? [interpreter, path] : [interpreter, argument, path];
}
