/**
 * Sets of bytes, as regular expressions need them: bit n of a big integer is byte n. The named
 * classes are those of the C locale. Source: POSIX, Base Definitions 7.3.1, the POSIX locale. Pure.
 */

export type ByteSet = bigint;

const NEWLINE = 10;

export const NO_BYTE: ByteSet = 0n;

const EVERY_BYTE: ByteSet = 2n ** 256n - 1n;
export const NOT_ASCII: ByteSet = byteRange(128, 255);

/** All but newline: what `.` matches within a line. */
export const ANY_IN_LINE: ByteSet = EVERY_BYTE ^ oneByte(NEWLINE);

export function oneByte(byte: number): ByteSet {
  return 1n << BigInt(byte);
}

/** Both ends included. */
export function byteRange(first: number, last: number): ByteSet {
  return (1n << BigInt(last + 1)) - (1n << BigInt(first));
}

export function isDisjoint(a: ByteSet, b: ByteSet): boolean {
  return (a & b) === NO_BYTE;
}

const DIGIT = rangeOf("09");
const UPPER = rangeOf("AZ");
const LOWER = rangeOf("az");
const GRAPH = rangeOf("!~");

/** By the name between `[:` and `:]`. */
export const BYTE_CLASSES: Readonly<Record<string, ByteSet>> = {
  alnum: DIGIT | UPPER | LOWER,
  alpha: UPPER | LOWER,
  blank: oneByte(9) | oneByte(32),
  cntrl: byteRange(0, 31) | oneByte(127),
  digit: DIGIT,
  graph: GRAPH,
  lower: LOWER,
  print: GRAPH | oneByte(32),
  punct: GRAPH ^ DIGIT ^ UPPER ^ LOWER,
  space: byteRange(9, 13) | oneByte(32),
  upper: UPPER,
  xdigit: DIGIT | rangeOf("AF") | rangeOf("af"),
};

function rangeOf(ends: string): ByteSet {
  return byteRange(ends.charCodeAt(0), ends.charCodeAt(1));
}

/**
 * A JavaScript regular expression's source that matches exactly these bytes, which hold all that
 * are not ASCII or none. In the text an ASCII byte is the character of the same number, and any
 * other byte some other character.
 */
export function byteSetSource(set: ByteSet): string {
  if ((set & NOT_ASCII) === NOT_ASCII) {
    return `[^${rangesOf(EVERY_BYTE ^ set).map(rangeSource).join("")}]`;
  }
  const ranges = rangesOf(set);
  const only = ranges[0];
  if (ranges.length === 1 && only !== undefined && only[0] === only[1]) {
    return characterSource(only[0]);
  }
  return `[${ranges.map(rangeSource).join("")}]`;
}

function rangesOf(set: ByteSet): [number, number][] {
  const ranges: [number, number][] = [];
  for (let byte = 0; byte < 256; byte++) {
    if (isDisjoint(set, oneByte(byte))) continue;
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === byte - 1) last[1] = byte;
    else ranges.push([byte, byte]);
  }
  return ranges;
}

function rangeSource([first, last]: readonly [number, number]): string {
  return first === last
    ? characterSource(first)
    : `${characterSource(first)}-${characterSource(last)}`;
}

function characterSource(byte: number): string {
  if (byte === NEWLINE) return "\\n";
  const character = String.fromCharCode(byte);
  return /[0-9A-Za-z_ ]/.test(character) ? character : `\\x${byte.toString(16).padStart(2, "0")}`;
}
