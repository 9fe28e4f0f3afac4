/**
 * The language of execlineb: a script as the command line that it stands for.
 *
 * Words are separated by blanks and newlines; `"..."` quotes, with escapes inside; a backslash
 * outside protects one character; `#` at the beginning of a word starts a comment; `{` and `}`,
 * alone as a word, make a block: its words begin with a space, one for each level, and the block
 * ends with a word that has one space less. A script ends with the file, or at a NUL.
 *
 * Source: execline, doc/execlineb.html, and libexecline/el_parse.c where the page is silent,
 * oddities included (see `#resume`). Pure.
 */
import { decodePath } from "../../core/text/path_bytes.ts";
import { type Place, Words } from "./words.ts";

const NUL = 0;
const NEWLINE = 10;
const SPACE = 32;
const QUOTE = 34;
const HASH = 35;
const ZERO = 48;
const SEVEN = 55;
const NINE = 57;
const BACKSLASH = 92;
const LOWER_X = 120;
const OPEN = 123;
const CLOSE = 125;

/** `\a` to `\r` in quotes, in the order of their codes, of which the first is 7. */
const CONTROL_LETTERS = "abtnvfr";
const FIRST_CONTROL = 7;

const MAX_DIGITS: Readonly<Record<number, number>> = { 8: 3, 10: 3, 16: 2 };

/** A script that can't be understood. */
export class ScriptError extends SyntaxError {
  override readonly name = "ScriptError";
  /** Where. */
  readonly place: Place;

  constructor(message: string, place: Place) {
    super(message);
    this.place = place;
  }
}

/**
 * The words of a script.
 *
 * @param file What the script is called, for the places of its words.
 * @throws {ScriptError} If it is not one.
 */
export function parseScript(bytes: Uint8Array, file: string): Words {
  return new Parser(bytes, file).parse();
}

/** What ends a word without being part of it. */
function isBlank(byte: number): boolean {
  return byte >= 1 && byte <= SPACE;
}

function isDigitOf(base: number, byte: number): boolean {
  if (base === 8) return byte >= ZERO && byte <= SEVEN;
  if (byte >= ZERO && byte <= NINE) return true;
  return base === 16 && /^[a-fA-F]$/.test(String.fromCharCode(byte));
}

class Parser {
  readonly #bytes: Uint8Array;
  readonly #file: string;
  #at = 0;
  #line = 1;
  /**
   * A byte of the line, at the beginning of a character, and its column: what is asked for next is
   * counted from there.
   */
  #counted = { at: 0, column: 1 };
  readonly #texts: string[] = [];
  readonly #places: Place[] = [];
  /**
   * The word that is being read. It may have been begun before a line continuation, and then goes
   * on behind it.
   */
  #word: number[] = [];
  #wordPlace: Place | undefined;
  /** Where the open blocks begin. */
  readonly #open: Place[] = [];

  constructor(bytes: Uint8Array, file: string) {
    this.#bytes = bytes;
    this.#file = file;
  }

  parse(): Words {
    while (this.#skipToWord()) this.#readWord();
    const unclosed = this.#open.at(-1);
    if (unclosed !== undefined) throw new ScriptError("unmatched {", unclosed);
    return new Words(this.#texts, this.#places);
  }

  /** The byte that is next; NUL at the end. */
  #peek(): number {
    return this.#bytes[this.#at] ?? NUL;
  }

  #next(): number {
    const byte = this.#peek();
    if (byte === NUL) return NUL;
    this.#at += 1;
    if (byte === NEWLINE) {
      this.#line += 1;
      this.#counted = { at: this.#at, column: 1 };
    }
    return byte;
  }

  #here(): Place {
    const { at, column } = this.#counted;
    this.#counted = {
      at: this.#at,
      column: column + decodePath(this.#bytes.subarray(at, this.#at)).length,
    };
    return { file: this.#file, line: this.#line, column: this.#counted.column };
  }

  #fail(): never {
    throw new ScriptError("syntax error", this.#here());
  }

  /** Goes to the beginning of the next word. False if there is none. */
  #skipToWord(): boolean {
    for (;;) {
      const byte = this.#peek();
      if (byte === NUL) return false;
      if (byte === HASH) {
        while (this.#peek() !== NUL && this.#peek() !== NEWLINE) this.#next();
      } else if (isBlank(byte)) {
        this.#next();
      } else if (byte === BACKSLASH && this.#isContinuation()) {
        this.#next();
        this.#next();
      } else {
        return byte !== BACKSLASH ||
          this.#bytes[this.#at + 1] !== undefined && this.#bytes[this.#at + 1] !== NUL;
      }
    }
  }

  #isContinuation(): boolean {
    return this.#bytes[this.#at + 1] === NEWLINE;
  }

  /** A word begins, at its level. */
  #begin(): void {
    this.#wordPlace ??= this.#here();
    for (let i = 0; i < this.#open.length; i++) this.#word.push(SPACE);
  }

  #end(): void {
    this.#texts.push(decodePath(Uint8Array.from(this.#word)));
    this.#places.push(this.#wordPlace!);
    this.#word = [];
    this.#wordPlace = undefined;
  }

  #readWord(): void {
    const byte = this.#peek();
    if (byte === OPEN || byte === CLOSE) return this.#readBrace(byte);
    this.#begin();
    if (byte === BACKSLASH) this.#takeEscaped();
    this.#readRest();
  }

  /** A brace: a block's beginning or end if it stands alone, else the first character of a word. */
  #readBrace(brace: number): void {
    const place = this.#here();
    this.#begin();
    this.#word.push(this.#next());
    const byte = this.#peek();
    if (byte === NUL && brace === OPEN) this.#fail();
    if (byte === NUL || isBlank(byte)) {
      return brace === OPEN ? this.#openBlock(place) : this.#closeBlock(place);
    }
    if (byte === BACKSLASH) return this.#resume();
    this.#readRest();
  }

  #openBlock(place: Place): void {
    this.#word.length -= this.#open.length + 1;
    this.#open.push(place);
    if (this.#word.length === 0) this.#wordPlace = undefined;
  }

  #closeBlock(place: Place): void {
    if (this.#open.pop() === undefined) throw new ScriptError("unmatched }", place);
    this.#word.length -= 2;
    this.#end();
  }

  /**
   * A backslash right after a brace is, to C's parser, one between words: the word goes on behind
   * it, indented once more; after a line continuation the next word is glued to it.
   */
  #resume(): void {
    if (this.#isContinuation()) {
      this.#next();
      this.#next();
      return;
    }
    const after = this.#bytes[this.#at + 1] ?? NUL;
    if (after === NUL) {
      this.#at += 1;
      return;
    }
    this.#begin();
    this.#takeEscaped();
    this.#readRest();
  }

  /** A backslash outside of quotes, and what it protects. */
  #takeEscaped(): void {
    this.#next();
    if (this.#peek() === NUL) this.#fail();
    this.#word.push(this.#next());
  }

  /** The word up to its end. */
  #readRest(): void {
    for (;;) {
      const byte = this.#peek();
      if (byte === NUL || isBlank(byte)) return this.#end();
      if (byte === QUOTE) {
        this.#next();
        if (this.#readQuoted()) return this.#end();
      } else if (byte === BACKSLASH) {
        this.#takeEscaped();
      } else {
        this.#word.push(this.#next());
      }
    }
  }

  /** Up to the closing quote. True if the script ends here: C allows that right after a number. */
  #readQuoted(): boolean {
    for (;;) {
      const byte = this.#peek();
      if (byte === NUL) this.#fail();
      this.#next();
      if (byte === QUOTE) return false;
      if (byte !== BACKSLASH) this.#word.push(byte);
      else if (this.#readEscape() && this.#peek() === NUL) return true;
    }
  }

  /** What a backslash in quotes stands for. True if it was a number. */
  #readEscape(): boolean {
    const byte = this.#peek();
    if (byte === NUL) this.#fail();
    if (byte >= ZERO && byte <= NINE) {
      this.#readNumber();
      return true;
    }
    this.#next();
    const control = CONTROL_LETTERS.indexOf(String.fromCharCode(byte));
    if (control !== -1) this.#word.push(FIRST_CONTROL + control);
    else if (byte !== NEWLINE) this.#word.push(byte);
    return false;
  }

  /** A byte by number: `\0xab`, `\0123` (octal) or `\123`. */
  #readNumber(): void {
    let base = 10;
    if (this.#peek() === ZERO) {
      this.#next();
      base = 8;
      if (this.#peek() === LOWER_X) {
        this.#next();
        base = 16;
      }
    }
    let digits = "";
    while (digits.length < MAX_DIGITS[base]! && isDigitOf(base, this.#peek())) {
      digits += String.fromCharCode(this.#next());
    }
    const value = digits === "" ? 0 : parseInt(digits, base);
    if (value === 0 || value > 0xff) this.#fail();
    this.#word.push(value);
  }
}
