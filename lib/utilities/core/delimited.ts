/**
 * A quoted string with its delimiters. Source: s6-portable-utils, s6-unquote.c,
 * s6-unquote-filter.c. Pure.
 */
import { unquoteBytes, type UnquoteError } from "../../core/shell/quoting.ts";

/** What a quoted string means. */
export interface DelimitedText {
  readonly kind: "text";
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The offset behind its closing delimiter: what follows is ignored. */
  readonly end: number;
}

/**
 * Reads a string that begins with one of `delimiters` and goes up to the next; without any, it is
 * the whole string. Offsets count from the beginning of `quoted`.
 *
 * @throws {RangeError} If one of them can't be a delimiter, or stands there twice.
 */
export function readDelimited(
  quoted: Uint8Array,
  delimiters: Uint8Array,
): DelimitedText | UnquoteError {
  if (delimiters.length === 0) return read(quoted, delimiters, 0);
  const [first] = quoted;
  if (first === undefined) {
    return { kind: "error", reason: "the empty string has no quote characters", at: 0 };
  }
  if (!delimiters.includes(first)) {
    return { kind: "error", reason: "invalid starting quote character", at: 0 };
  }
  const result = read(quoted, delimiters, 1);
  const isOpen = result.kind === "text" && result.end > quoted.length;
  return isOpen
    ? { kind: "error", reason: "no ending quote character", at: quoted.length }
    : result;
}

function read(
  quoted: Uint8Array,
  delimiters: Uint8Array,
  start: number,
): DelimitedText | UnquoteError {
  const result = unquoteBytes(quoted.subarray(start), delimiters);
  if (result.kind === "error") return { ...result, at: start + result.at };
  return { kind: "text", bytes: result.bytes, end: start + result.end + start };
}
