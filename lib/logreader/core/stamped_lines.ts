/**
 * TAI64N stamps at the beginning of lines: put there, and turned into dates.
 *
 * Both work on blocks of whole lines. What they return is valid until the next call: fresh memory
 * for each block would cost as much as all the rest. Source: s6, doc/s6-tai64n.html,
 * doc/s6-tai64nlocal.html; skalibs, timestamp_scan. Pure.
 */
import { withRoom } from "../../core/text/bytes.ts";

const LF = 10;
const AT_SIGN = 64;
const DOT = 46;
const ZERO = 48;
const STAMP_BYTES = 25; // @ and 24 digits
/** With a year of ten digits. */
const LONGEST_DATE = 40;
const NANO_DIGITS = 9;
const SECOND_NANO = 1_000_000_000;
const NO_DIGIT = 255;
/** So much of a line is copied byte by byte, the rest by a call. */
const SHORT_LINE = 40;

/** The value of each hexadecimal digit, of either case. */
const HEX_DIGITS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const value = Number.parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(value) ? NO_DIGIT : value;
});

const encoder = new TextEncoder();

let output = new Uint8Array(1 << 16);

/** `block` with `stamp` before each of its lines, the last of which need not be finished. */
export function stampLines(block: Uint8Array, stamp: Uint8Array): Uint8Array<ArrayBuffer> {
  let out = output;
  let length = 0;
  for (let at = 0; at < block.length;) {
    out = withRoom(out, length, stamp.length + block.length - at);
    for (let i = 0; i < stamp.length; i++) out[length++] = stamp[i]!;
    const end = copyLine(block, at, out, length);
    length += end - at;
    at = end;
  }
  output = out;
  return out.subarray(0, length);
}

/**
 * `block` with a date in place of each stamp that begins a line; other lines stay as they are.
 *
 * @param dateOf the date, up to the second, for the seconds of a stamp (2^62 + TAI); undefined
 *   for one that is to stay
 */
export function dateLines(
  block: Uint8Array,
  dateOf: (label: bigint) => string | undefined,
): Uint8Array<ArrayBuffer> {
  let out = output;
  let length = 0;
  let high = -1;
  let low = -1;
  let date: Uint8Array | undefined;
  for (let at = 0; at < block.length;) {
    out = withRoom(out, length, LONGEST_DATE + block.length - at);
    if (hasStamp(block, at)) {
      const stampHigh = word(block, at + 1);
      const stampLow = word(block, at + 9);
      if (stampHigh !== high || stampLow !== low) {
        high = stampHigh;
        low = stampLow;
        const text = dateOf((BigInt(high) << 32n) | BigInt(low));
        date = text === undefined ? undefined : encoder.encode(text);
      }
      if (date !== undefined) {
        for (let i = 0; i < date.length; i++) out[length++] = date[i]!;
        length = writeNano(out, length, word(block, at + 17));
        at += STAMP_BYTES;
      }
    }
    const end = copyLine(block, at, out, length);
    length += end - at;
    at = end;
  }
  output = out;
  return out.subarray(0, length);
}

/**
 * Copies a line, with its newline if it has one, to `to` in `out`. Returns where the next one
 * begins.
 */
function copyLine(block: Uint8Array, from: number, out: Uint8Array, to: number): number {
  const stop = Math.min(block.length, from + SHORT_LINE);
  let at = from;
  for (let into = to; at < stop;) {
    const byte = block[at++]!;
    out[into++] = byte;
    if (byte === LF) return at;
  }
  if (at === block.length) return at;
  const newline = block.indexOf(LF, at);
  const end = newline < 0 ? block.length : newline + 1;
  out.set(block.subarray(at, end), to + at - from);
  return end;
}

function hasStamp(block: Uint8Array, at: number): boolean {
  if (block[at] !== AT_SIGN || at + STAMP_BYTES > block.length) return false;
  for (let i = at + 1; i < at + STAMP_BYTES; i++) {
    if (HEX_DIGITS[block[i]!] === NO_DIGIT) return false;
  }
  return true;
}

/** The number that eight hexadecimal digits stand for. */
function word(block: Uint8Array, at: number): number {
  let value = 0;
  for (let i = at; i < at + 8; i++) value = (value << 4) | HEX_DIGITS[block[i]!]!;
  return value >>> 0;
}

/**
 * `.` and nine digits; of a number that has ten, which no clock gives, the first nine. Returns
 * where they end.
 */
function writeNano(out: Uint8Array, at: number, nano: number): number {
  let left = nano < SECOND_NANO ? nano : Math.floor(nano / 10);
  out[at] = DOT;
  for (let i = at + NANO_DIGITS; i > at; i--) {
    out[i] = ZERO + left % 10;
    left = Math.trunc(left / 10);
  }
  return at + 1 + NANO_DIGITS;
}
