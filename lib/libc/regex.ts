/**
 * POSIX regular expressions, as the C library compiles and matches them: not JavaScript's dialect,
 * and bytes rather than characters (nobody calls setlocale here, so the locale is C's). Source:
 * regex(3), glibc.
 */
import { encodeCString, NO_C_STRING } from "../core/text/path_bytes.ts";
import { bindLibrary } from "./bind.ts";

const SIZEOF_REGEX = 64; // regex_t
const REG_EXTENDED = 1;
const REG_ICASE = 2;
const REG_NEWLINE = 4; // a compile flag; REG_STARTEND, of the same value, is one of execution
const REG_NOSUB = 8;
const REG_STARTEND = 4;
const MAX_ERROR_TEXT = 256;
const NEWLINE = 10;
// of the places of the match: with REG_STARTEND the array only gives the range
const NOTHING_WANTED = 0n;

const libc = bindLibrary({
  regcomp: {
    parameters: [
      "buffer", // regex_t *preg
      "buffer", // const char *regex
      "i32", // int cflags
    ],
    result: "i32",
  },
  regfree: { parameters: ["buffer"], result: "void" },
  regerror: {
    parameters: [
      "i32", // int errcode
      "buffer", // const regex_t *preg
      "buffer", // char *errbuf
      "i64", // size_t errbuf_size
    ],
    result: "i64",
  },
});

// once for each line and expression
const hot = bindLibrary({
  regexec: {
    parameters: [
      "buffer", // const regex_t *preg
      "buffer", // const char *string
      "i64", // size_t nmatch
      "buffer", // regmatch_t pmatch[]
      "i32", // int eflags
    ],
    result: "i32",
  },
}, { hot: true });

export interface RegexOptions {
  /**
   * `^` and `$` also match at each newline, and neither `.` nor a negated class matches one
   * (REG_NEWLINE).
   */
  readonly lines?: boolean;
  /** A basic regular expression, not an extended one. */
  readonly basic?: boolean;
  /** Capital and small letters of ASCII are the same. */
  readonly ignoreCase?: boolean;
}

/** One compiled expression. */
export class Regex implements Disposable {
  // SAFETY: more than 64 bytes, so V8 never moves the record that the matcher's memory refers to
  readonly #regex = new Uint8Array(2 * SIZEOF_REGEX);
  readonly #range = new Int32Array(2);
  /** A line may be matched where it lies in a block: what stands before it has no say. */
  readonly #inPlace: boolean;
  #freed = false;

  /**
   * @throws {SyntaxError} If `pattern` is no regular expression; the message is the C library's.
   */
  constructor(pattern: string, options: RegexOptions = {}) {
    const { lines = false, basic = false, ignoreCase = false } = options;
    // \` is GNU's start of the whole text, for which the start of a range doesn't count
    this.#inPlace = lines && !pattern.includes("\\`");
    const flags = REG_NOSUB | (basic ? 0 : REG_EXTENDED) | (ignoreCase ? REG_ICASE : 0) |
      (lines ? REG_NEWLINE : 0);
    const patternBytes = encodeCString(pattern);
    if (patternBytes === NO_C_STRING) {
      throw new SyntaxError("a regular expression can't contain a NUL");
    }
    const code = libc.regcomp(this.#regex, patternBytes, flags);
    if (code !== 0) throw new SyntaxError(errorText(code, this.#regex));
  }

  /** Does it match somewhere in `bytes`? They may hold any byte, NUL too. */
  test(bytes: Uint8Array<ArrayBuffer>): boolean {
    return this.#match(bytes, 0, bytes.length);
  }

  /**
   * Does it match somewhere in `bytes` from `start` up to `end`, as if there were nothing else? A
   * line of a block is not copied.
   */
  testSpan(bytes: Uint8Array<ArrayBuffer>, start: number, end: number): boolean {
    // the C library looks at the byte before the range, and takes a newline for a beginning
    if (start === 0 || (this.#inPlace && bytes[start - 1] === NEWLINE)) {
      return this.#match(bytes, start, end);
    }
    return this.#match(bytes.subarray(start, end), 0, end - start);
  }

  #match(bytes: Uint8Array<ArrayBuffer>, start: number, end: number): boolean {
    if (this.#freed) throw new RangeError("the expression has been freed");
    this.#range[0] = start;
    this.#range[1] = end;
    return hot.regexec(this.#regex, bytes, NOTHING_WANTED, this.#range, REG_STARTEND) === 0;
  }

  [Symbol.dispose](): void {
    if (!this.#freed) libc.regfree(this.#regex);
    this.#freed = true;
  }
}

function errorText(code: number, regex: Uint8Array<ArrayBuffer>): string {
  const text = new Uint8Array(MAX_ERROR_TEXT);
  libc.regerror(code, regex, text, BigInt(MAX_ERROR_TEXT));
  return new TextDecoder().decode(text.subarray(0, text.indexOf(0)));
}

/** An extended regular expression. */
export class Ere extends Regex {
  constructor(pattern: string, options: { readonly lines?: boolean } = {}) {
    super(pattern, options);
  }
}
