/**
 * Selecting parts of a line by number: bytes, or fields between delimiters. Numbers begin at 1.
 * Source: POSIX, cut; s6-portable-utils, s6-cut.c. Pure.
 */

export interface Interval {
  readonly first: number;
  /** Infinity in `3-`. */
  readonly last: number;
}

/**
 * A list such as `1,3-5,8-`, sorted and without overlaps. Elements end with a comma, a blank or a
 * tab.
 *
 * @throws {SyntaxError} If it is none, or is empty.
 */
export function parseCutList(text: string): readonly Interval[] {
  const elements = text.replace(/[, \t]$/, "").split(/[, \t]/);
  const intervals = elements.map(parseInterval).sort((a, b) => a.first - b.first);
  const merged: Interval[] = [];
  for (const interval of intervals) {
    const before = merged.at(-1);
    if (before === undefined || interval.first > before.last) merged.push(interval);
    else {merged[merged.length - 1] = {
        first: before.first,
        last: Math.max(before.last, interval.last),
      };}
  }
  return merged;
}

function parseInterval(element: string): Interval {
  const parts = /^([0-9]*)(-?)([0-9]*)$/.exec(element);
  const [, from = "", dash = "", to = ""] = parts ?? [];
  if (parts === null || (from === "" && dash === "")) {
    throw new SyntaxError(`invalid list element: ${element}`);
  }
  const first = from === "" ? 1 : Number(from);
  const last = dash === "" ? first : to === "" ? Infinity : Number(to);
  if (first < 1 || last < first) {
    throw new SyntaxError(
      `invalid list element: ${element}; numbers begin at 1, and the first of two is the smaller one`,
    );
  }
  return { first, last };
}

/** Gives the selected bytes of `line`, a piece at a time. */
export function cutBytes(
  line: Uint8Array<ArrayBuffer>,
  list: readonly Interval[],
  put: (bytes: Uint8Array<ArrayBuffer>) => void,
): void {
  for (const { first, last } of list) {
    if (first > line.length) return;
    put(line.subarray(first - 1, Math.min(last, line.length)));
  }
}

/**
 * Gives the selected fields of `line` with a delimiter between them, a piece at a time.
 *
 * @returns false, and gives nothing, if there is no delimiter in the line.
 */
export function cutFields(
  line: Uint8Array<ArrayBuffer>,
  list: readonly Interval[],
  { delimiter, put }: FieldCut,
): boolean {
  let end = line.indexOf(delimiter);
  if (end < 0) return false;
  const between = Uint8Array.of(delimiter);
  let start = 0;
  let isFirst = true;
  let interval = 0;
  for (let field = 1; interval < list.length; field++) {
    const { first, last } = list[interval]!;
    if (field >= first) {
      if (!isFirst) put(between);
      put(line.subarray(start, end < 0 ? line.length : end));
      isFirst = false;
    }
    if (end < 0) return true;
    if (field >= last) interval++;
    start = end + 1;
    end = line.indexOf(delimiter, start);
  }
  return true;
}

export interface FieldCut {
  readonly delimiter: number;
  readonly put: (bytes: Uint8Array<ArrayBuffer>) => void;
}
