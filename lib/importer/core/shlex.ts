/**
 * Python's shlex, in the two ways in which supervisord uses it: shlex.split() for command lines,
 * and the tokens of the old mode for KEY=VALUE pairs. Source: Python, Lib/shlex.py. Pure.
 */
import type { WordVariable } from "./planned_word.ts";
import type { ExpandedPart } from "./python_format.ts";

/** One character, or a variable with an unknown value, and its position. */
interface Unit {
  readonly at: number;
  readonly unit: string | WordVariable;
}

/** isSplit: the value is split at blanks. */
export type LexedPart = string | (WordVariable & { readonly isSplit: boolean });

export interface Lexed {
  readonly at: number;
  readonly parts: readonly LexedPart[];
}

export class LexError extends SyntaxError {
  override readonly name = "LexError";
  readonly at: number;

  constructor(at: number, reason: string) {
    super(reason);
    this.at = at;
  }
}

const BLANKS = " \t\r\n";

function unitsOf(parts: readonly ExpandedPart[]): Unit[] {
  return parts.flatMap(({ at, part }): Unit[] =>
    typeof part === "string"
      ? [...part].map((unit, i) => ({ at: at + i, unit }))
      : [{ at, unit: part }]
  );
}

class Gathering {
  readonly lexed: Lexed[] = [];
  #parts: LexedPart[] | undefined;
  #at = 0;

  get isOpen(): boolean {
    return this.#parts !== undefined;
  }

  begin(at: number): void {
    if (this.#parts !== undefined) return;
    this.#parts = [];
    this.#at = at;
  }

  add({ at, unit }: Unit, isSplit: boolean): void {
    this.begin(at);
    const parts = this.#parts!;
    const last = parts.at(-1);
    if (typeof unit !== "string") parts.push({ ...unit, isSplit });
    else if (typeof last === "string") parts[parts.length - 1] = last + unit;
    else parts.push(unit);
  }

  end(): void {
    if (this.#parts !== undefined) this.lexed.push({ at: this.#at, parts: this.#parts });
    this.#parts = undefined;
  }
}

/** shlex.split(). @throws {LexError} If a quote stays open, or a backslash is last. */
export function shlexSplit(parts: readonly ExpandedPart[]): readonly Lexed[] {
  const words = new Gathering();
  const units = unitsOf(parts);
  let quote = "";
  let opened = 0;
  for (let i = 0; i < units.length; i++) {
    const one = units[i]!;
    const { unit, at } = one;
    const next = units[i + 1];
    if (typeof unit !== "string") words.add(one, quote === "");
    else if (quote !== "") {
      if (unit === quote) quote = "";
      else if (unit === "\\" && quote === '"' && (next?.unit === '"' || next?.unit === "\\")) {
        words.add(next, false);
        i++;
      } else words.add(one, false);
    } else if (BLANKS.includes(unit)) words.end();
    else if (unit === '"' || unit === "'") {
      words.begin(at);
      quote = unit;
      opened = at;
    } else if (unit === "\\") {
      if (next === undefined) throw new LexError(at, "a backslash at the end");
      words.add(next, false);
      i++;
    } else words.add(one, false);
  }
  if (quote !== "") throw new LexError(opened, `the quote ${quote} is not closed`);
  words.end();
  return words.lexed;
}

/** The characters of a word, including those that supervisord adds. */
const WORD = /^[A-Za-z0-9_/.+\-():]$/;

/** The tokens of list(shlex.shlex(text)), including quotes. @throws {LexError} */
export function shlexTokens(parts: readonly ExpandedPart[]): readonly Lexed[] {
  const tokens = new Gathering();
  const units = unitsOf(parts);
  let quote = "";
  let opened = 0;
  for (let i = 0; i < units.length; i++) {
    const one = units[i]!;
    const { unit, at } = one;
    if (quote !== "") {
      tokens.add(one, false);
      if (unit === quote) {
        quote = "";
        tokens.end();
      }
    } else if (typeof unit !== "string") tokens.add(one, false);
    else if (BLANKS.includes(unit)) tokens.end();
    else if (unit === "#") {
      tokens.end();
      while (i < units.length && units[i]!.unit !== "\n") i++;
    } else if (WORD.test(unit) || (tokens.isOpen && "\"'".includes(unit))) tokens.add(one, false);
    else {
      tokens.end();
      tokens.add(one, false);
      if (unit === '"' || unit === "'") {
        quote = unit;
        opened = at;
      } else tokens.end();
    }
  }
  if (quote !== "") throw new LexError(opened, `the quote ${quote} is not closed`);
  tokens.end();
  return tokens.lexed;
}
