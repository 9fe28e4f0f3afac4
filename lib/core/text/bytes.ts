/**
 * Letters of ASCII without regard to their case, which is what the C library's comparisons do in
 * the locale C. Pure.
 *
 * The order of names in the C locale, in which a shell's pattern lists them: that of their bytes.
 * Pure.
 *
 * Output whose size is known only when it is written. Pure.
 *
 * Finding a string of bytes in another. Pure.
 */
import { encodePath } from "./path_bytes.ts";

/** A capital letter as a small one; any other byte as it is. */
export function lowerCase(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}

/** A copy with the capital letters made small. */
export function lowerCaseBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes, lowerCase);
}

/** Negative if `a` comes first, positive if `b` does. A comparison for sort(). */
export function byBytes(a: string, b: string): number {
  const [one, other] = [encodePath(a), encodePath(b)];
  const at = one.findIndex((byte, index) => byte !== other[index]);
  return at < 0 ? one.length - other.length : one[at]! - (other[at] ?? -1);
}

/** A buffer that has at least `more` bytes behind the first `used`. */
export function withRoom(
  buffer: Uint8Array<ArrayBuffer>,
  used: number,
  more: number,
): Uint8Array<ArrayBuffer> {
  if (buffer.length - used >= more) return buffer;
  const larger = new Uint8Array(Math.max(2 * buffer.length, used + more));
  larger.set(buffer.subarray(0, used));
  return larger;
}

/** Does `needle` stand somewhere in `bytes`? The empty one always does. */
export function includesBytes(bytes: Uint8Array, needle: Uint8Array): boolean {
  const [first] = needle;
  if (first === undefined) return true;
  const last = bytes.length - needle.length;
  for (let at = bytes.indexOf(first); at !== -1 && at <= last; at = bytes.indexOf(first, at + 1)) {
    let matched = 1;
    while (matched < needle.length && bytes[at + matched] === needle[matched]) matched++;
    if (matched === needle.length) return true;
  }
  return false;
}
