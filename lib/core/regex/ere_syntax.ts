/**
 * POSIX extended regular expressions, read into a tree: those without a doubt about what they mean.
 *
 * An expression works on bytes (the C locale) within one line. Either all bytes above 0x7f are in a
 * set or none is: where that is not so, the expression is refused. What is refused is left to the C
 * library: also back-references and GNU's escapes, collating and equivalence classes, empty groups
 * and branches, a repetition of nothing, of an anchor or of a repetition, intervals that lack a
 * bound before the comma or allow nothing, a newline in the pattern, and whatever regcomp would
 * refuse. Source: POSIX, Base Definitions 9.4; the GNU C library for what POSIX leaves open. Pure.
 */
import {
  ANY_IN_LINE,
  BYTE_CLASSES,
  byteRange,
  type ByteSet,
  NO_BYTE,
  NOT_ASCII,
  oneByte,
} from "./byte_set.ts";

export type EreNode =
  | { readonly kind: "set"; readonly set: ByteSet }
  /** `^` and `$`. */
  | { readonly kind: "start" }
  | { readonly kind: "end" }
  | { readonly kind: "sequence"; readonly parts: readonly EreNode[] }
  | { readonly kind: "choice"; readonly branches: readonly EreNode[] }
  /** `max` may be Infinity; it is at least 1. */
  | { readonly kind: "repeat"; readonly body: EreNode; readonly min: number; readonly max: number };

export type EreRepeat = Extract<EreNode, { kind: "repeat" }>;

/** Larger counts are refused: a matcher that unrolls them would need too much memory. */
const MAX_COUNT = 255;
const MAX_DEPTH = 50;
const PUNCTUATION = /[!-/:-@[-_{-~ ]/;
const GNU_ESCAPES = "<>`'";

interface Cursor {
  /** The pattern, one character a byte. */
  readonly text: string;
  at: number;
  depth: number;
}

/** Thrown and caught in this file only. */
class Doubtful extends Error {}

/**
 * The tree of an expression; undefined if there is a doubt.
 *
 * @param text the pattern, one character (U+0000 to U+00FF) a byte
 */
export function parseEre(text: string): EreNode | undefined {
  if (text === "") return { kind: "sequence", parts: [] };
  if (/[\0\n]/.test(text)) return undefined;
  const cursor: Cursor = { text, at: 0, depth: 0 };
  try {
    const tree = readChoice(cursor);
    return cursor.at === text.length ? tree : undefined;
  } catch (error) {
    if (error instanceof Doubtful) return undefined;
    throw error;
  }
}

function peek(cursor: Cursor): string {
  return cursor.text.charAt(cursor.at);
}

function take(cursor: Cursor): string {
  return cursor.text.charAt(cursor.at++);
}

function readChoice(cursor: Cursor): EreNode {
  const branches = [readSequence(cursor)];
  while (peek(cursor) === "|") {
    cursor.at++;
    branches.push(readSequence(cursor));
  }
  return branches.length === 1 ? branches[0]! : { kind: "choice", branches };
}

function readSequence(cursor: Cursor): EreNode {
  const parts: EreNode[] = [];
  while (
    cursor.at < cursor.text.length && peek(cursor) !== "|" &&
    !(peek(cursor) === ")" && cursor.depth > 0)
  ) {
    parts.push(readRepeat(cursor, readAtom(cursor)));
  }
  if (parts.length === 0) throw new Doubtful();
  return parts.length === 1 ? parts[0]! : { kind: "sequence", parts };
}

function readAtom(cursor: Cursor): EreNode {
  const character = take(cursor);
  switch (character) {
    case "^":
      return { kind: "start" };
    case "$":
      return { kind: "end" };
    case ".":
      return { kind: "set", set: ANY_IN_LINE };
    case "(":
      return readGroup(cursor);
    case "[":
      return anyByteOf(readBracket(cursor));
    case "\\":
      return anyByteOf(readEscape(cursor));
    case ")":
    case "*":
    case "+":
    case "?":
    case "{":
      throw new Doubtful();
    default:
      return anyByteOf(byteOf(character));
  }
}

function anyByteOf(set: ByteSet): EreNode {
  const named = set & NOT_ASCII;
  if (named !== NO_BYTE && named !== NOT_ASCII) throw new Doubtful();
  return { kind: "set", set };
}

function byteOf(character: string): ByteSet {
  return oneByte(character.charCodeAt(0));
}

function readGroup(cursor: Cursor): EreNode {
  if (++cursor.depth > MAX_DEPTH) throw new Doubtful();
  const body = readChoice(cursor);
  if (take(cursor) !== ")") throw new Doubtful();
  cursor.depth--;
  return body;
}

function readEscape(cursor: Cursor): ByteSet {
  const character = take(cursor);
  if (!PUNCTUATION.test(character) || GNU_ESCAPES.includes(character)) throw new Doubtful();
  return byteOf(character);
}

function readRepeat(cursor: Cursor, body: EreNode): EreNode {
  const bounds = readBounds(cursor);
  if (bounds === undefined) return body;
  if (hasAnchor(body) || "*+?{".includes(peek(cursor)) && peek(cursor) !== "") throw new Doubtful();
  return { kind: "repeat", body, min: bounds[0], max: bounds[1] };
}

function readBounds(cursor: Cursor): readonly [number, number] | undefined {
  switch (peek(cursor)) {
    case "*":
      cursor.at++;
      return [0, Infinity];
    case "+":
      cursor.at++;
      return [1, Infinity];
    case "?":
      cursor.at++;
      return [0, 1];
    case "{":
      return readInterval(cursor);
    default:
      return undefined;
  }
}

function readInterval(cursor: Cursor): readonly [number, number] {
  const found = /^\{([0-9]{1,3})(,([0-9]{1,3})?)?\}/.exec(
    cursor.text.slice(cursor.at, cursor.at + "{000,000}".length),
  );
  if (found === null) throw new Doubtful();
  const min = Number(found[1]);
  const max = found[2] === undefined ? min : found[3] === undefined ? Infinity : Number(found[3]);
  if (min > max || max === 0 || min > MAX_COUNT || (max !== Infinity && max > MAX_COUNT)) {
    throw new Doubtful();
  }
  cursor.at += found[0].length;
  return [min, max];
}

function hasAnchor(node: EreNode): boolean {
  switch (node.kind) {
    case "start":
    case "end":
      return true;
    case "set":
      return false;
    case "sequence":
      return node.parts.some(hasAnchor);
    case "choice":
      return node.branches.some(hasAnchor);
    case "repeat":
      return hasAnchor(node.body);
    default:
      return node satisfies never;
  }
}

/** What follows `[`, up to the closing `]`. A newline is in no set. */
function readBracket(cursor: Cursor): ByteSet {
  const negated = peek(cursor) === "^";
  if (negated) cursor.at++;
  let set = NO_BYTE;
  let first = true;
  while (first || peek(cursor) !== "]") {
    set |= readBracketItem(cursor, first);
    first = false;
  }
  cursor.at++;
  return negated ? ANY_IN_LINE & ~set : ANY_IN_LINE & set;
}

function readBracketItem(cursor: Cursor, first: boolean): ByteSet {
  const character = take(cursor);
  if (character === "") throw new Doubtful();
  if (character === "[" && ":.=".includes(peek(cursor))) return readClass(cursor);
  const literal = character !== "-" || first || peek(cursor) === "]";
  if (!literal) throw new Doubtful();
  if (peek(cursor) !== "-" || cursor.text.charAt(cursor.at + 1) === "]") return byteOf(character);
  cursor.at++;
  return readRange(cursor, character);
}

/** The set from `start` to what follows; an end that begins a class, or is a hyphen, is a doubt. */
function readRange(cursor: Cursor, start: string): ByteSet {
  const end = take(cursor);
  if (end === "" || end === "[" || end === "-" || start === "-" || start > end) {
    throw new Doubtful();
  }
  return byteRange(start.charCodeAt(0), end.charCodeAt(0));
}

function readClass(cursor: Cursor): ByteSet {
  const found = /^:([a-z]+):\]/.exec(cursor.text.slice(cursor.at));
  if (found === null || !Object.hasOwn(BYTE_CLASSES, found[1]!)) throw new Doubtful();
  cursor.at += found[0].length;
  // a range can't begin with a class
  if (peek(cursor) === "-" && cursor.text.charAt(cursor.at + 1) !== "]") throw new Doubtful();
  return BYTE_CLASSES[found[1]!]!;
}
