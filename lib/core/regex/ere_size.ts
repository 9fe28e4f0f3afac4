/**
 * How large the C library makes a regular expression: it copies what has a count as often as the
 * count says, and what is in it again.
 *
 * This reads any expression, also those that ere_syntax.ts leaves to the C library, and those that
 * the C library will refuse; then the size means nothing. Measured with glibc 2.36: some 1200 bytes
 * for each position, all of them when it compiles. Pure.
 */

export interface EreSize {
  /** Places where a byte is matched, all copies counted. */
  readonly positions: number;
  /**
   * It has a back-reference: the C library tries all ways of matching, of which there may be 2^n
   * for n bytes.
   */
  readonly hasBackReference: boolean;
}

/** What stands at the beginning of a text: one atom that is no group, or a count. */
const BRACKET = /^\[\^?\]?(?:\[:[a-z]*:\]|\[\..*?\.\]|\[=.*?=\]|[^\]])*\]?/;
const COUNT = /^\{([0-9]{0,6})(,([0-9]{0,6}))?\}/;

/** Inside a group: what it has so far, and what stands before it. */
interface Level {
  readonly before: number;
  sum: number;
}

/** @param text the pattern; only ASCII has a meaning */
export function ereSize(text: string): EreSize {
  const levels: Level[] = [{ before: 0, sum: 0 }];
  let hasBackReference = false;
  let last = 0;
  for (let at = 0; at < text.length;) {
    const level = levels.at(-1)!;
    const character = text[at]!;
    const length = lengthOfAtom(text, at);
    if (character === "(") {
      levels.push({ before: level.sum, sum: 0 });
      last = 0;
    } else if (character === ")" && levels.length > 1) {
      levels.pop();
      last = level.sum;
      levels.at(-1)!.sum = level.before + last;
    } else if ("*+?{".includes(character)) {
      const copies = copiesOf(text, at);
      level.sum += last * (copies - 1);
      last *= copies;
    } else if (!"^$|".includes(character)) {
      hasBackReference ||= character === "\\" && /[1-9]/.test(text[at + 1] ?? "");
      last = 1;
      level.sum += last;
    } else last = 0;
    at += length;
  }
  // a group without an end: regcomp refuses it
  return { positions: levels.reduce((sum, level) => sum + level.sum, 0), hasBackReference };
}

function lengthOfAtom(text: string, at: number): number {
  switch (text[at]) {
    case "\\":
      return 2;
    case "[":
      return BRACKET.exec(text.slice(at))![0].length;
    case "{":
      return COUNT.exec(text.slice(at, at + "{000000,000000}".length))?.[0].length ?? 1;
    default:
      return 1;
  }
}

/** How many copies the repetition at `at` makes of what it repeats. */
function copiesOf(text: string, at: number): number {
  if (text[at] === "+") return 2;
  if (text[at] !== "{") return 1;
  const found = COUNT.exec(text.slice(at, at + "{000000,000000}".length));
  if (found === null) return 1;
  const [least, most] = [Number(found[1]), Number(found[2] === undefined ? found[1] : found[3])];
  return Math.max(1, found[3] === "" ? least + 1 : most);
}
