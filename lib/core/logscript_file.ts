/**
 * The file `logscript` of a log service: what would stand behind `s6-log` in a run script, in front of it `user:NAME` if it is to run as
 * another user.
 *
 * Words are separated by blanks and line ends. A `#` that begins a word makes the rest of the line a comment. Within double quotes blanks
 * belong to the word; a backslash takes the next character as it is, in quotes and outside, except that `\n`, `\t`, `\r` and `\0xHH` mean
 * what they mean in a quoted string of execline. So a line that was written for execline is read here as execlineb reads it. Pure.
 */
import { decodePath } from "./path_bytes.ts";

/** The largest file that is read. */
export const MAX_LOGSCRIPT = 16384;

export interface LogscriptFile {
  /** The name, or `UID:GID`, after `user:`; absent: the user of s6-svscan. */
  readonly user?: string;
  /** Options and directives for s6-log. */
  readonly words: readonly string[];
}

const USER = "user:";
const BLANKS = " \t\r\n";
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", a: "\x07", b: "\b", v: "\v", f: "\f" };

/** Reads words out of a text, one after the other. */
class Words {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next word, or `undefined` at the end. */
  next(): string | undefined {
    this.#skip();
    if (this.#at >= this.#text.length) return undefined;
    let word = "";
    while (this.#at < this.#text.length && !BLANKS.includes(this.#text[this.#at]!)) word += this.#piece();
    return word;
  }

  /** Passes over blanks and comments. */
  #skip(): void {
    while (this.#at < this.#text.length) {
      if (BLANKS.includes(this.#text[this.#at]!)) this.#at++;
      else if (this.#text[this.#at] === "#") this.#at = this.#endOfLine();
      else return;
    }
  }

  #endOfLine(): number {
    const end = this.#text.indexOf("\n", this.#at);
    return end < 0 ? this.#text.length : end;
  }

  /** A character, or all that stands between two quotes. */
  #piece(): string {
    const character = this.#text[this.#at++]!;
    if (character === "\\") return this.#literal();
    return character === '"' ? this.#quoted() : character;
  }

  #literal(): string {
    const character = this.#text[this.#at++];
    if (character === undefined) throw new SyntaxError("a backslash at the end");
    return character === "\n" ? "" : character;
  }

  #quoted(): string {
    let word = "";
    for (;;) {
      const character = this.#text[this.#at++];
      if (character === undefined) throw new SyntaxError("a double quote is not closed");
      if (character === '"') return word;
      word += character === "\\" ? this.#escape() : character;
    }
  }

  #escape(): string {
    const [hex] = /^0x[0-9a-fA-F]{2}/.exec(this.#text.slice(this.#at, this.#at + 4)) ?? [];
    if (hex !== undefined) {
      this.#at += hex.length;
      return decodePath(Uint8Array.of(Number(hex)));
    }
    const escape = ESCAPES[this.#text[this.#at] ?? ""];
    if (escape === undefined) return this.#literal();
    this.#at++;
    return escape;
  }
}

/**
 * Reads the file.
 *
 * @throws {SyntaxError} If it is no list of words, or there is none but the user's.
 */
export function parseLogscriptFile(bytes: Uint8Array): LogscriptFile {
  if (bytes.length > MAX_LOGSCRIPT) throw new SyntaxError(`it is larger than ${MAX_LOGSCRIPT} bytes`);
  if (bytes.includes(0)) throw new SyntaxError("it contains a NUL");
  const text = new Words(decodePath(bytes));
  const words: string[] = [];
  for (let word = text.next(); word !== undefined; word = text.next()) words.push(word);
  const user = words[0]?.startsWith(USER) ? words.shift()!.slice(USER.length) : undefined;
  if (user === "") throw new SyntaxError("user: without a name");
  if (words.length === 0) throw new SyntaxError("there is no logging script in it");
  return user === undefined ? { words } : { user, words };
}
