/**
 * A file of a directory of variables, as runit and daemontools read it: the first line, without blanks
 * at its end; NUL becomes a newline. Unlike s6's, it keeps a carriage return. Source: daemontools,
 * envdir; runit, chpst.c. Pure.
 */
import { decodePath } from "../../core/text/path_bytes.ts";

const LF = 10;
const BLANKS = [32, 9];

/** The value; undefined if the file is empty, which means that the variable is to be removed. */
export function oldValue(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return undefined;
  const newline = bytes.indexOf(LF);
  const line = newline < 0 ? bytes : bytes.subarray(0, newline);
  const end = line.findLastIndex((byte) => !BLANKS.includes(byte)) + 1;
  return decodePath(line.slice(0, end).map((byte) => byte === 0 ? LF : byte));
}
