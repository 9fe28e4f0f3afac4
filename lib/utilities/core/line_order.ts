/**
 * The lines of s6-sort and their order: that of their bytes. Source: s6-portable-utils,
 * doc/s6-sort.html, s6-sort.c. Pure.
 */
import { lowerCase } from "../../core/text/bytes.ts";

const TAB = 9;
const BLANK = 0x20;

/** Where lines begin and end, without what ends them, in one block of bytes. */
export interface LineSpans {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
}

/** The lines of a text. The last one needs no separator at its end. */
export function lineSpans(bytes: Uint8Array, separator: number): LineSpans {
  const count = countLines(bytes, separator);
  const starts = new Float64Array(count);
  const ends = new Float64Array(count);
  let start = 0;
  for (let line = 0; line < count; line++) {
    const found = bytes.indexOf(separator, start);
    const end = found === -1 ? bytes.length : found;
    starts[line] = start;
    ends[line] = end;
    start = end + 1;
  }
  return { starts, ends };
}

function countLines(bytes: Uint8Array, separator: number): number {
  let count = 0;
  for (let at = bytes.indexOf(separator); at !== -1; at = bytes.indexOf(separator, at + 1)) count++;
  return bytes.length > 0 && bytes[bytes.length - 1] !== separator ? count + 1 : count;
}

export interface LineOrder {
  /** Skip blanks and tabs at the beginning. */
  readonly skipBlanks: boolean;
  /** Take ASCII's capital letters for small ones. */
  readonly ignoreCase: boolean;
  readonly reverse: boolean;
}

/** Compares two lines by their numbers: negative, 0 or positive. */
export type LineComparison = (a: number, b: number) => number;

/**
 * As in C, lines that are the same up to a NUL in both are ordered by their length, whatever
 * follows it.
 */
export function lineComparison(
  bytes: Uint8Array,
  { starts, ends }: LineSpans,
  order: LineOrder,
): LineComparison {
  const { skipBlanks, ignoreCase, reverse } = order;
  const sign = reverse ? -1 : 1;
  const startOf = (line: number): number => {
    let start = starts[line]!;
    if (skipBlanks) {
      while (start < ends[line]! && (bytes[start] === BLANK || bytes[start] === TAB)) {
        start++;
      }
    }
    return start;
  };
  return (a, b) => {
    const startA = startOf(a);
    const startB = startOf(b);
    const lengthA = ends[a]! - startA;
    const lengthB = ends[b]! - startB;
    const shorter = Math.min(lengthA, lengthB);
    for (let i = 0; i < shorter; i++) {
      let byteA = bytes[startA + i]!;
      let byteB = bytes[startB + i]!;
      if (byteA !== byteB) {
        if (ignoreCase) [byteA, byteB] = [lowerCase(byteA), lowerCase(byteB)];
        if (byteA !== byteB) return sign * (byteA - byteB);
      }
      if (byteA === 0) break;
    }
    return sign * (lengthA - lengthB);
  };
}

/** The numbers of all lines, sorted; those that are equal stay in the order of the input. */
export function sortedLines(count: number, compare: LineComparison): Uint32Array {
  return Uint32Array.from({ length: count }, (_, line) => line).sort(compare);
}

/** Of sorted lines, the last of those that are equal. */
export function withoutDuplicates(sorted: Uint32Array, compare: LineComparison): Uint32Array {
  return sorted.filter((line, i) => i + 1 === sorted.length || compare(line, sorted[i + 1]!) !== 0);
}

/** Do the lines already stand in that order? With `strict`, none may be equal to the one before. */
export function isSorted(
  count: number,
  compare: LineComparison,
  { strict }: { readonly strict: boolean },
): boolean {
  for (let line = 1; line < count; line++) {
    const order = compare(line - 1, line);
    if (order > 0 || (strict && order === 0)) return false;
  }
  return true;
}
