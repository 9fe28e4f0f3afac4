/**
 * Values in small files, read as C reads them. Source: skalibs, uint32_scan; s6-rc,
 * s6rc_read_uint.c. Pure.
 */

const LARGEST = 0xffffffff;
const NEWLINE = 10;

/**
 * The number in a file of a source that may hold only digits; undefined if it holds anything else.
 */
function digits(text: string): number | undefined {
  if (!/^[0-9]+$/.test(text)) return undefined;
  const number = Number(text);
  return number > LARGEST ? undefined : number;
}

function upToNul(bytes: Uint8Array): Uint8Array {
  const nul = bytes.indexOf(0);
  return nul < 0 ? bytes : bytes.subarray(0, nul);
}

function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** `timeout-up`, `timeout-down`: trailing newlines are cut. */
export function timeoutMs(bytes: Uint8Array): number | undefined {
  let length = bytes.length;
  while (length > 0 && bytes[length - 1] === NEWLINE) length--;
  return digits(ascii(upToNul(bytes.subarray(0, length))));
}

/** `notification-fd` and similar files: read up to the first newline. */
export function firstLineNumber(bytes: Uint8Array): number | undefined {
  const end = bytes.indexOf(NEWLINE);
  return digits(ascii(upToNul(end < 0 ? bytes : bytes.subarray(0, end))));
}

/**
 * `type`: one newline is cut from the first 8 bytes, so `oneshot` may be followed by more lines,
 * and `bundle` may not.
 */
export function serviceType(bytes: Uint8Array): "oneshot" | "longrun" | "bundle" | undefined {
  const first = bytes.subarray(0, 8);
  if (first.length < 6) return undefined;
  const end = first.at(-1) === NEWLINE ? first.length - 1 : first.length;
  if (end === 8) return undefined;
  const text = ascii(upToNul(first.subarray(0, end)));
  return text === "oneshot" || text === "longrun" || text === "bundle" ? text : undefined;
}
