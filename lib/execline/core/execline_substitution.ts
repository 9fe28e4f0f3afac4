/**
 * Substitution in the words of a command line, as `define`, `importas` and their like do it.
 *
 * A variable `x` is written `$x` (up to the end of the word, or a `$`, `{`, `}` or backslash) or
 * `${x}`. Before one that is defined, two backslashes are one, and one protects it; everywhere else
 * a backslash is a backslash. A variable may stand for any number of words: one that has none takes
 * the word around it away, one that has several makes as many of it. What has been substituted is
 * not looked at again. Source: execline, doc/el_substitute.html, libexecline/el_substitute.c. Pure.
 */
import { Words } from "./words.ts";

/** Variables and the words that they stand for. */
export type Substitutions = ReadonlyMap<string, readonly string[]>;

/** A piece of a word: text, or what a variable stands for. */
type Piece = string | readonly string[];

/** All words after the substitution; each keeps the place of the one it was made of. */
export function substitute(words: Words, values: Substitutions): Words {
  if (!words.texts.some((text) => text.includes("$"))) return words;
  const texts: string[] = [];
  const places: Words["places"][number][] = [];
  words.texts.forEach((text, i) => {
    for (const result of text.includes("$") ? expand(piecesOf(text, values)) : [text]) {
      texts.push(result);
      places.push(words.places[i]);
    }
  });
  return new Words(texts, words.places.length === 0 ? [] : places);
}

/**
 * Would the words have more than `most` characters after the substitution? Three variables of a
 * hundred words each make a million of one word.
 */
export function wouldExceed(most: number, words: Words, values: Substitutions): boolean {
  let total = 0;
  for (const text of words.texts) {
    let count = 1;
    let characters = 1;
    for (const piece of text.includes("$") ? piecesOf(text, values) : [text]) {
      const list = typeof piece === "string" ? [piece] : piece;
      characters = characters * list.length +
        count * list.reduce((sum, value) => sum + value.length, 0);
      count *= list.length;
      if (characters > most) return true;
    }
    total += characters;
    if (total > most) return true;
  }
  return false;
}

/** All combinations; the first variable of the word changes slowest. */
function expand(pieces: readonly Piece[]): string[] {
  let results = [""];
  for (const piece of pieces) {
    results = typeof piece === "string"
      ? results.map((result) => result + piece)
      : results.flatMap((result) => piece.map((value) => result + value));
  }
  return results;
}

/** `$name` or `${name}`. A name has no backslash, dollar or brace. */
const REFERENCE = /\$(?:\{([^\\${}]+)\}|([^\\${}]+))/g;

function piecesOf(word: string, values: Substitutions): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const reference of word.matchAll(REFERENCE)) {
    const [whole, braced, bare] = reference;
    const value = values.get(braced ?? bare!);
    if (value === undefined) continue;
    const { index } = reference;
    const backslashes = backslashesBefore(word, index);
    pieces.push(word.slice(end, index - Math.ceil(backslashes / 2)));
    pieces.push(backslashes % 2 === 1 ? whole : value);
    end = index + whole.length;
  }
  pieces.push(word.slice(end));
  return pieces;
}

/** How many backslashes stand right before `at`. */
function backslashesBefore(word: string, at: number): number {
  let start = at;
  while (start > 0 && word[start - 1] === "\\") start--;
  return at - start;
}
