/**
 * The expressions of eltest: what test(1) has, with one grammar for all of them. A word that is an
 * operator is always one; behind a backslash it is a string. Source: execline, doc/eltest.html,
 * eltest.c. Pure.
 */

/** Tests of one file or string. */
const UNARY = [
  "-n",
  "-z",
  "-f",
  "-h",
  "-L",
  "-e",
  "-k",
  "-b",
  "-c",
  "-d",
  "-g",
  "-p",
  "-r",
  "-s",
  "-t",
  "-u",
  "-w",
  "-x",
  "-O",
  "-U",
  "-G",
  "-S",
  "-N",
  "-v",
] as const;
/** Comparisons. */
const BINARY = [
  "=",
  "!=",
  "-eq",
  "-ne",
  "-gt",
  "-ge",
  "-lt",
  "-le",
  "-nt",
  "-ot",
  "-ef",
  "<",
  "<=",
  ">",
  ">=",
  "=~",
] as const;

export type UnaryOperator = typeof UNARY[number];
export type BinaryOperator = typeof BINARY[number];

export type Expression =
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "unary"; readonly operator: UnaryOperator; readonly operand: string }
  | {
    readonly kind: "binary";
    readonly operator: BinaryOperator;
    readonly left: string;
    readonly right: string;
  }
  | { readonly kind: "not"; readonly operand: Expression }
  | { readonly kind: "and" | "or"; readonly left: Expression; readonly right: Expression };

const OPERATORS: ReadonlySet<string> = new Set<string>([
  ...UNARY,
  ...BINARY,
  "-a",
  "-o",
  "!",
  "(",
  ")",
]);

/**
 * @throws {SyntaxError} If the words are no expression; the message tells where. There must be at
 *   least one word.
 */
export function parseExpression(words: readonly string[]): Expression {
  const parser = new Parser(words);
  const expression = parser.parseOr();
  parser.expectEnd();
  return expression;
}

class Parser {
  readonly #words: readonly string[];
  #at = 0;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  parseOr(): Expression {
    let left = this.#parseAnd();
    while (this.#take("-o")) left = { kind: "or", left, right: this.#parseAnd() };
    return left;
  }

  expectEnd(): void {
    if (this.#at < this.#words.length) this.#fail();
  }

  #parseAnd(): Expression {
    let left = this.#parseNot();
    while (this.#take("-a")) left = { kind: "and", left, right: this.#parseNot() };
    return left;
  }

  #parseNot(): Expression {
    if (this.#take("!")) return { kind: "not", operand: this.#parseNot() };
    if (!this.#take("(")) return this.#parseTest();
    const inner = this.parseOr();
    if (!this.#take(")")) throw new SyntaxError("parse error: too many left parentheses");
    return inner;
  }

  #parseTest(): Expression {
    const unary = UNARY.find((operator) => operator === this.#words[this.#at]);
    if (unary !== undefined) {
      this.#at += 1;
      return { kind: "unary", operator: unary, operand: this.#parseString() };
    }
    const left = this.#parseString();
    const binary = BINARY.find((operator) => operator === this.#words[this.#at]);
    if (binary === undefined) return { kind: "string", text: left };
    this.#at += 1;
    return { kind: "binary", operator: binary, left, right: this.#parseString() };
  }

  #parseString(): string {
    const word = this.#words[this.#at];
    if (word === undefined || OPERATORS.has(word)) this.#fail();
    this.#at += 1;
    return word.startsWith("\\") ? word.slice(1) : word;
  }

  #take(word: string): boolean {
    if (this.#words[this.#at] !== word) return false;
    this.#at += 1;
    return true;
  }

  #fail(): never {
    throw new SyntaxError(`parse error at argument ${this.#at}`);
  }
}
