/**
 * Path names as strings that lose no byte.
 *
 * Linux names are bytes, mostly UTF-8. Each byte that is not part of a well-formed UTF-8 sequence
 * becomes one lone low surrogate, U+DC80..U+DCFF for the bytes 0x80..0xff ("surrogateescape"), so
 * `encodePath(decodePath(bytes))` gives the same bytes for every input. Invariant: a string made
 * here holds no other lone surrogate, so joining such strings can't form a pair. Source: Python's
 * PEP 383. Pure.
 */

const ESCAPE_BASE = 0xdc00;

// ignoreBOM keeps a leading U+FEFF: it is part of the name
const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/**
 * Most names are short and ASCII; a supervisor of a thousand services encodes and decodes some
 * fifty thousand of them when it starts.
 */
const SHORT = 64;

function isShortAscii(bytes: Uint8Array): boolean {
  return bytes.length <= SHORT && bytes.every((byte) => byte < 0x80);
}

/** The bytes of a name as a string; bytes that are not UTF-8 come out as U+DC80..U+DCFF. */
export function decodePath(bytes: Uint8Array): string {
  if (isShortAscii(bytes)) return String.fromCharCode(...bytes);
  let text = "";
  let start = 0;
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    text += strictDecoder.decode(bytes.subarray(start, at)) +
      String.fromCharCode(ESCAPE_BASE + bytes[at]!);
    at += 1;
    start = at;
  }
  return text + strictDecoder.decode(bytes.subarray(start));
}

/**
 * The bytes of a string, U+DC80..U+DCFF as single bytes; any other lone surrogate becomes the UTF-8
 * of U+FFFD. No NUL is added.
 */
export function encodePath(text: string): Uint8Array<ArrayBuffer> {
  if (text.isWellFormed()) return encoder.encode(text);
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (const character of text) {
    const code = character.charCodeAt(0);
    if (character.length === 1 && code >= 0xdc80 && code <= 0xdcff) {
      bytes[length++] = code - ESCAPE_BASE;
    } else length += encoder.encodeInto(character, bytes.subarray(length)).written;
  }
  return bytes.slice(0, length);
}

/**
 * What `encodeCString` makes of a text that holds a NUL: nothing has such a name, and C would see a
 * shorter one. It is recognised by being this very array: `call` in lib/libc/bind.ts answers it
 * with EINVAL. Whoever hands strings to C by other ways asks for it himself.
 */
export const NO_C_STRING: Uint8Array<ArrayBuffer> = new Uint8Array(1);

/**
 * The bytes of a string with a NUL at the end, as C functions want them; `NO_C_STRING` if the text
 * contains a NUL.
 */
export function encodeCString(text: string): Uint8Array<ArrayBuffer> {
  const ascii = asciiCString(text);
  if (ascii !== undefined) return ascii;
  if (text.includes("\0")) return NO_C_STRING;
  const bytes = encodePath(text);
  const terminated = new Uint8Array(bytes.length + 1);
  terminated.set(bytes);
  return terminated;
}

function asciiCString(text: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = new Uint8Array(text.length + 1);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0 || code > 0x7f) return undefined;
    bytes[i] = code;
  }
  return bytes;
}

/**
 * The length of the well-formed UTF-8 sequence at `at`, or 0. Shortest forms only, no surrogates,
 * nothing above U+10FFFF.
 */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (at + length > bytes.length) return 0;
  const second = bytes[at + 1]!;
  const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < lowest || second > highest) return 0;
  for (let i = 2; i < length; i++) {
    if ((bytes[at + i]! & 0xc0) !== 0x80) return 0;
  }
  return length;
}
