/**
 * Stops a YAML document whose values lie too deep in each other before it is parsed: the parser
 * calls itself for each level, and takes seconds for a row of brackets. It looks at the lexer's
 * tokens only. Source: the package yaml, docs/07_parsing_yaml.md. Pure.
 */

export interface LimitFault {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

/** Tokens that open a level on the same line: `[`, `{`, and the indicators of lists and keys. */
const OPENING = new Set(["[", "{"]);
const CLOSING = new Set(["]", "}"]);
/** The lexer's own marks: the beginning of a document, of a scalar, the end of a flow. */
const MARKS = new Set(["\x02", "\x1f", "\x18"]);
/** A file for a thousand services has a quarter of it. */
const MAX_TOKENS = 400_000;
const COMPACT = new Set(["-", "?", ":"]);

export class LexerLimits {
  readonly #maxDepth: number;
  #line = 1;
  #column = 1;
  #brackets = 0;
  #tokens = 0;
  /** Indicators since the last line end. */
  #compact = 0;

  constructor(maxDepth: number) {
    this.#maxDepth = maxDepth;
  }

  take(token: string): LimitFault | undefined {
    const [line, column] = [this.#line, this.#column];
    if (++this.#tokens > MAX_TOKENS) {
      return { line, column, text: `more than ${MAX_TOKENS} signs and words` };
    }
    if (OPENING.has(token)) this.#brackets++;
    else if (CLOSING.has(token)) this.#brackets = Math.max(0, this.#brackets - 1);
    else if (COMPACT.has(token)) {
      if (this.#brackets === 0) this.#compact++;
    } else if (token.includes("\n")) this.#compact = 0;
    this.#move(token);
    return Math.max(this.#brackets, this.#compact) > this.#maxDepth
      ? { line, column, text: `more than ${this.#maxDepth} levels` }
      : undefined;
  }

  #move(token: string): void {
    const last = token.lastIndexOf("\n");
    if (last < 0) {
      this.#column += MARKS.has(token) ? 0 : token.length;
      return;
    }
    for (let at = token.indexOf("\n"); at >= 0; at = token.indexOf("\n", at + 1)) this.#line++;
    this.#column = token.length - last;
  }
}
