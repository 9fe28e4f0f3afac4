/**
 * Selection: which lines of a block a stanza acts on. Source: s6-log(8), "Selection directives".
 */
import { translateEre } from "../core/regex/ere_translation.ts";
import type { Selection } from "./core/log_script.ts";
import { Ere } from "../libc/regex.ts";
import { type Block, MAX_LINES } from "./block.ts";

/** Which lines of the block in use have matched. */
const hitsRow = new Uint8Array(MAX_LINES);

/** Sets `hits[i]` to 1 for each line that matches; the array is all zero before. */
type Matcher = (block: Block, hits: Uint8Array) => void;

/**
 * Runs over the whole block at once: a match lies within one line, and the search goes on at the
 * next one.
 */
function matchByBlock(expression: RegExp): Matcher {
  return ({ text, starts, count }, hits) => {
    let line = 0;
    expression.lastIndex = 0;
    while (line < count && expression.test(text)) {
      const end = expression.lastIndex; // of the match: before the line's newline, or on it
      while (starts[line + 1]! <= end) line++;
      if (line >= count) return;
      hits[line++] = 1;
      expression.lastIndex = starts[line]!;
    }
  };
}

/** Looks at the beginning of each line, of an expression that can match nowhere else. */
function matchByStart(expression: RegExp): Matcher {
  return ({ text, starts, count }, hits) => {
    for (let line = 0; line < count; line++) {
      expression.lastIndex = starts[line]!;
      if (expression.test(text)) hits[line] = 1;
    }
  };
}

/** Asks the C library for each line. */
function matchByLine(expression: Ere): Matcher {
  return ({ bytes, starts, count }, hits) => {
    for (let line = 0; line < count; line++) {
      if (expression.testSpan(bytes, starts[line]!, starts[line + 1]! - 1)) hits[line] = 1;
    }
  };
}

export interface Selector {
  /** It looks at the block's text. */
  readonly needsText: boolean;
  /** It has the C library match. */
  readonly asksLibrary: boolean;
  /** @param selected one byte a line, 1 if it is selected; changed */
  select(block: Block, selected: Uint8Array, acted: Uint8Array): void;
}

function selectUnacted({ count }: Block, selected: Uint8Array, acted: Uint8Array): void {
  for (let i = 0; i < count; i++) selected[i] = acted[i] === 0 ? 1 : 0;
}

/**
 * What applies one selection directive to the lines of a block.
 *
 * @throws {SyntaxError} If the regular expression is none.
 */
export function selectorOf(selection: Selection): Selector {
  if (selection.kind === "f") {
    return { needsText: false, asksLibrary: false, select: selectUnacted };
  }
  const value = selection.kind === "+" ? 1 : 0;
  // also where the translation serves: what regcomp refuses is refused
  const compiled = new Ere(selection.pattern, { lines: true });
  const translated = translateEre(selection.pattern);
  const match = translated === undefined
    ? matchByLine(compiled)
    : translated.sticky
    ? matchByStart(translated)
    : matchByBlock(translated);
  return {
    needsText: translated !== undefined,
    asksLibrary: translated === undefined,
    select: (block, selected) => {
      const hits = hitsRow.subarray(0, block.count).fill(0);
      match(block, hits);
      for (let i = 0; i < block.count; i++) if (hits[i] === 1) selected[i] = value;
    },
  };
}
