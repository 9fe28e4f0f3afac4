/**
 * The small files of a service directory that hold one value: `notification-fd`, `timeout-kill`,
 * `down-signal` and their like.
 *
 * Only the first line counts. It ends at a newline, at a NUL (where a C program stops reading) or
 * with the file. Source: s6, supervision/s6-supervise.c, read_file and read_uint; skalibs,
 * uint0_scan. Pure.
 */

import { decodePath } from "../text/path_bytes.ts";

const NUL = 0;
const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
/** The largest number that a file of a service may hold. */
export const MAX_UINT = 0xffffffff;

/**
 * The first line, without its end; one carriage return before the end is dropped, so that a file
 * edited on Windows works.
 */
export function firstLine(bytes: Uint8Array): string {
  const found = bytes.findIndex((byte) => byte === NEWLINE || byte === NUL);
  let end = found === -1 ? bytes.length : found;
  if (end > 0 && bytes[end - 1] === CARRIAGE_RETURN) end -= 1;
  return decodePath(bytes.subarray(0, end));
}

/**
 * An unsigned decimal number of at most 32 bits; undefined if the text is anything else: a sign, a
 * blank, nothing, too large.
 */
export function parseUint(text: string): number | undefined {
  if (!/^[0-9]+$/.test(text)) return undefined;
  const value = Number(text);
  return value <= MAX_UINT ? value : undefined;
}
