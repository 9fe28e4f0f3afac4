/**
 * Lines, found and copied four bytes at a time: a call for each line would cost more than the line.
 * Pure.
 *
 * A word is compared with four newlines at once. Of the bits that come out, only the lowest is to
 * be trusted, so the search goes on behind the line that it has found.
 */
const LF = 10;
const WORD_BYTES = 4;
const NEWLINES = 0x0a0a0a0a;
const ONES = 0x01010101;
const HIGH_BITS = 0x80808080;

/** 0 if none of the bytes is a newline; else its lowest bit belongs to the first that is. */
function newlineBits(word: number): number {
  const difference = word ^ NEWLINES;
  return (difference - ONES) & ~difference & HIGH_BITS;
}

/** How many bytes of a word go up to and with its first newline. */
function lengthWithNewline(bits: number): number {
  return (31 - Math.clz32(bits & -bits) >> 3) + 1;
}

/** The offset behind the first newline at `at` or later; the end of the block if there is none. */
export function nextLine(block: DataView, at: number): number {
  const length = block.byteLength;
  let i = at;
  for (; i + WORD_BYTES <= length; i += WORD_BYTES) {
    const bits = newlineBits(block.getInt32(i, true));
    if (bits !== 0) return i + lengthWithNewline(bits);
  }
  while (i < length && block.getUint8(i++) !== LF);
  return i;
}

/** What copies may write behind their end. */
export const COPY_SLACK = WORD_BYTES - 1;

/**
 * Copies the line at `at`, with its newline, to `into`. Returns where the next one begins.
 *
 * @param out with room for it and for COPY_SLACK bytes
 */
export function copyLine(block: DataView, at: number, out: DataView, into: number): number {
  const length = block.byteLength;
  const distance = into - at;
  let i = at;
  for (; i + WORD_BYTES <= length; i += WORD_BYTES) {
    const word = block.getInt32(i, true);
    out.setInt32(i + distance, word, true);
    const bits = newlineBits(word);
    if (bits !== 0) return i + lengthWithNewline(bits);
  }
  for (; i < length; i++) {
    const byte = block.getUint8(i);
    out.setUint8(i + distance, byte);
    if (byte === LF) return i + 1;
  }
  return i;
}

/**
 * Copies the bytes from `start` up to `end` to `into`.
 *
 * @param out with room for them and for COPY_SLACK bytes
 */
export function copyShort(
  block: DataView,
  start: number,
  end: number,
  out: DataView,
  into: number,
): void {
  const distance = into - start;
  const lastWord = Math.min(end, block.byteLength - COPY_SLACK);
  let i = start;
  for (; i < lastWord; i += WORD_BYTES) out.setInt32(i + distance, block.getInt32(i, true), true);
  for (; i < end; i++) out.setUint8(i + distance, block.getUint8(i));
}
