/**
 * The format of envfile: lines of `key = value`, where a value may be quoted in part, with C's
 * escapes inside the quotes. Source: execline, doc/envfile.html, envfile.txt. Pure.
 */
import type { Change } from "./chain_environment.ts";
import { fromBytes } from "./execline_value.ts";

const NUL = 0;
const NEWLINE = 10;
const QUOTE = 34;
const HASH = 35;
const APOSTROPHE = 39;
const ZERO = 48;
const SEVEN = 55;
const EQUALS = 61;
const QUESTION = 63;
const BACKSLASH = 92;
const LOWER_X = 120;

/** `\a` to `\r`, in the order of their codes, of which the first is 7. */
const CONTROL_LETTERS = "abtnvfr";
const FIRST_CONTROL = 7;

/** A file that is not of that format. */
export class EnvfileError extends SyntaxError {
  override readonly name = "EnvfileError";
  readonly line: number;

  constructor(line: number) {
    super(`syntax error line ${line}`);
    this.line = line;
  }
}

/**
 * What the file changes in the environment, in its order. @throws {EnvfileError} If it is not of
 * this format.
 */
export function parseEnvfile(bytes: Uint8Array): Change[] {
  return new Parser(bytes).parse();
}

function isSpace(byte: number): boolean {
  return byte === 32 || byte === 9 || byte === 12 || byte === 13;
}

function isOctal(byte: number): boolean {
  return byte >= ZERO && byte <= SEVEN;
}

class Parser {
  readonly #bytes: Uint8Array;
  #at = 0;
  #line = 1;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  parse(): Change[] {
    const changes: Change[] = [];
    for (;;) {
      while (isSpace(this.#peek()) || this.#peek() === NEWLINE) this.#next();
      if (this.#peek() === NUL) return changes;
      if (this.#peek() === HASH) this.#skipComment();
      else changes.push(...changesOf(this.#readKey(), this.#readValue()));
    }
  }

  #peek(): number {
    return this.#bytes[this.#at] ?? NUL;
  }

  #next(): number {
    const byte = this.#peek();
    this.#at += 1;
    if (byte === NEWLINE) this.#line += 1;
    return byte;
  }

  #fail(): never {
    throw new EnvfileError(this.#line);
  }

  #skipComment(): void {
    while (this.#peek() !== NUL && this.#peek() !== NEWLINE) this.#next();
  }

  /** Up to the `=`, which is taken too. */
  #readKey(): string {
    let key = "";
    for (;;) {
      const byte = this.#peek();
      if (byte === EQUALS || isSpace(byte)) break;
      if ([NUL, NEWLINE, BACKSLASH, QUOTE, APOSTROPHE, QUESTION].includes(byte)) this.#fail();
      key += String.fromCharCode(this.#next());
    }
    while (isSpace(this.#peek())) this.#next();
    if (key === "" || this.#peek() !== EQUALS) this.#fail();
    this.#next();
    return key;
  }

  /** Up to the end of the line, without blanks around it. */
  #readValue(): string {
    let value = "";
    /** How much of it stays if only blanks follow. */
    let kept = 0;
    while (isSpace(this.#peek())) this.#next();
    for (;;) {
      const byte = this.#peek();
      if (byte === NUL) return value.slice(0, kept);
      this.#next();
      if (byte === NEWLINE) return value.slice(0, kept);
      if (byte === BACKSLASH) value += this.#readEscaped();
      else if (byte === QUOTE) value += this.#readQuoted();
      else value += String.fromCharCode(byte);
      if (!isSpace(byte)) kept = value.length;
    }
  }

  /** What follows a backslash outside of quotes. */
  #readEscaped(): string {
    const byte = this.#peek();
    if (byte !== NEWLINE && byte !== BACKSLASH && byte !== QUOTE && !isSpace(byte)) this.#fail();
    this.#next();
    return byte === NEWLINE ? "" : String.fromCharCode(byte);
  }

  /** Up to the closing quote, which is taken too. */
  #readQuoted(): string {
    let text = "";
    for (;;) {
      const byte = this.#peek();
      if (byte === NUL || byte === NEWLINE) this.#fail();
      this.#next();
      if (byte === QUOTE) return text;
      text += byte === BACKSLASH ? this.#readQuotedEscape() : String.fromCharCode(byte);
    }
  }

  #readQuotedEscape(): string {
    const byte = this.#peek();
    if (byte === NUL) this.#fail();
    if (isOctal(byte)) return this.#readNumber(8, 3, isOctal);
    this.#next();
    if (byte === NEWLINE) return "";
    if (byte === LOWER_X) return this.#readHex();
    const control = CONTROL_LETTERS.indexOf(String.fromCharCode(byte));
    return String.fromCharCode(control === -1 ? byte : FIRST_CONTROL + control);
  }

  #readHex(): string {
    const isHex = (byte: number): boolean => /^[0-9a-fA-F]$/.test(String.fromCharCode(byte));
    if (!isHex(this.#peek()) || !isHex(this.#bytes[this.#at + 1] ?? NUL)) this.#fail();
    return this.#readNumber(16, 2, isHex);
  }

  #readNumber(base: number, maxDigits: number, isDigit: (byte: number) => boolean): string {
    let digits = "";
    while (digits.length < maxDigits && isDigit(this.#peek())) {
      digits += String.fromCharCode(this.#next());
    }
    return String.fromCharCode(parseInt(digits, base) & 0xff);
  }
}

/**
 * An escaped NUL ends the value, as in C; what stands behind it is a change of its own there, and
 * removes a variable unless it has a `=`.
 */
function changesOf(key: string, value: string): Change[] {
  return `${key}=${value}`.split("\0").filter((text) => text !== "").map((text) => {
    const equals = text.indexOf("=");
    return equals === -1
      ? [fromBytes(text), undefined]
      : [fromBytes(text.slice(0, equals)), fromBytes(text.slice(equals + 1))];
  });
}
