/**
 * Quoted strings: printable ASCII that stands for any bytes.
 *
 * Between delimiters, and in a string without any: `\a` to `\r` are control characters as in C,
 * `\s` is a blank, `\0xHH` (lower case) is a byte, `\0` a NUL, and a backslash before anything else
 * means that character. execlineb reads the same. Source: s6-portable-utils, doc/s6-quote.html,
 * s6-unquote.html; skalibs, string_quote_nodelim_mustquote.c, string_unquote_withdelim.c. Pure.
 *
 * A word as a shell reads it back unchanged. Source: POSIX, Shell Command Language, 2.2. Pure.
 *
 * A word as execlineb reads it back unchanged. Source: execline, doc/execlineb.html, "Quoting".
 * Pure.
 */

const BACKSLASH = 0x5c;
const DIGIT_0 = 0x30;
const LETTER_X = 0x78;
const LETTER_S = 0x73;
const BLANK = 0x20;
const FIRST_PRINTABLE = 0x20;
const LAST_PRINTABLE = 0x7e;
const BELL = 7;
/** What follows the backslash for the bytes 7 to 13. */
const CONTROL_LETTERS = bytesOf("abtnvfr");
const HEX_DIGITS = bytesOf("0123456789abcdef");
/** These mean something after a backslash, so they can't be delimiters. */
const NO_QUOTE_DELIMITERS = bytesOf("0123456789abcdefnrtvx");
const NO_UNQUOTE_DELIMITERS = bytesOf("0123456789abcdefnrstvx\\");

/**
 * `bytes` with every byte escaped that has to be, without delimiters around them.
 *
 * @param delimiters These are escaped too.
 * @throws {RangeError} If one of them can't be a delimiter.
 */
export function quoteBytes(bytes: Uint8Array, delimiters: Uint8Array): Uint8Array<ArrayBuffer> {
  if (delimiters.some((byte) => !isPrintable(byte) || NO_QUOTE_DELIMITERS.includes(byte))) {
    throw new RangeError(
      "neither digits, nor a to f, n, r, t, v, x, nor control characters can be quote characters",
    );
  }
  const quoted = new Uint8Array(5 * bytes.length);
  let length = 0;
  for (const byte of bytes) {
    if (byte >= BELL && byte < BELL + CONTROL_LETTERS.length) {
      quoted[length++] = BACKSLASH;
      quoted[length++] = CONTROL_LETTERS[byte - BELL]!;
    } else if (!isPrintable(byte)) {
      quoted.set(
        [BACKSLASH, DIGIT_0, LETTER_X, HEX_DIGITS[byte >> 4]!, HEX_DIGITS[byte & 15]!],
        length,
      );
      length += 5;
    } else {
      if (byte === BACKSLASH || delimiters.includes(byte)) quoted[length++] = BACKSLASH;
      quoted[length++] = byte;
    }
  }
  return quoted.slice(0, length);
}

/** A quoted string that was understood. */
export interface Unquoted {
  readonly kind: "text";
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where the delimiter stands that ended it; the length, if none did. */
  readonly end: number;
}

/** One that was not. */
export interface UnquoteError {
  readonly kind: "error";
  readonly reason: string;
  /** The offset at which that showed. */
  readonly at: number;
}

/**
 * Reads `quoted`, which begins after the opening delimiter, up to one of `delimiters` or to its
 * end.
 *
 * @throws {RangeError} If one of them can't be a delimiter, or stands there twice.
 */
export function unquoteBytes(quoted: Uint8Array, delimiters: Uint8Array): Unquoted | UnquoteError {
  if (
    delimiters.some((byte, i) =>
      NO_UNQUOTE_DELIMITERS.includes(byte) || delimiters.indexOf(byte) !== i
    )
  ) {
    throw new RangeError(
      "neither digits, nor a to f, n, r, s, t, v, x, nor a backslash, nor one twice, can be quote characters",
    );
  }
  const bytes = new Uint8Array(quoted.length);
  let length = 0;
  for (let at = 0; at < quoted.length;) {
    const byte = quoted[at]!;
    if (delimiters.includes(byte)) return { kind: "text", bytes: bytes.slice(0, length), end: at };
    const meaning = byte === BACKSLASH
      ? readEscape(quoted, at + 1)
      : { kind: "byte" as const, byte, next: at + 1 };
    if (meaning.kind === "error") return meaning;
    bytes[length++] = meaning.byte;
    at = meaning.next;
  }
  return { kind: "text", bytes: bytes.slice(0, length), end: quoted.length };
}

interface Meaning {
  readonly kind: "byte";
  readonly byte: number;
  /** Where reading goes on. */
  readonly next: number;
}

/** What the escape means whose backslash stands before `at`. */
function readEscape(quoted: Uint8Array, at: number): Meaning | UnquoteError {
  const byte = quoted[at];
  const next = at + 1;
  if (byte === undefined) return { kind: "error", reason: "backslash at the end", at };
  if (byte === LETTER_S) return { kind: "byte", byte: BLANK, next };
  if (CONTROL_LETTERS.includes(byte)) {
    return { kind: "byte", byte: BELL + CONTROL_LETTERS.indexOf(byte), next };
  }
  if (byte !== DIGIT_0) return { kind: "byte", byte, next };
  return quoted[next] === LETTER_X
    ? readHexDigits(quoted, next + 1)
    : { kind: "byte", byte: 0, next };
}

function readHexDigits(quoted: Uint8Array, at: number): Meaning | UnquoteError {
  let byte = 0;
  for (const place of [at, at + 1]) {
    if (place >= quoted.length) {
      return { kind: "error", reason: "unfinished \\0x at the end", at: place };
    }
    const digit = HEX_DIGITS.indexOf(quoted[place]!);
    if (digit < 0) {
      return { kind: "error", reason: "\\0x without two digits of 0 to 9 and a to f", at: place };
    }
    byte = byte << 4 | digit;
  }
  return { kind: "byte", byte, next: at + 2 };
}

function isPrintable(byte: number): boolean {
  return byte >= FIRST_PRINTABLE && byte <= LAST_PRINTABLE;
}

function bytesOf(ascii: string): Uint8Array {
  return Uint8Array.from(ascii, (character) => character.charCodeAt(0));
}

/** As it is if nothing in it means anything to a shell; in single quotes otherwise. */
export function quoteForShell(word: string): string {
  if (/^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*$/.test(word)) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** The words of a command line. */
export function shellLine(words: readonly string[]): string {
  return words.map(quoteForShell).join(" ");
}

/** In double quotes, with what has a meaning there escaped. */
export function quoteForExecline(word: string): string {
  return `"${word.replace(/[\\"]/g, "\\$&")}"`;
}
