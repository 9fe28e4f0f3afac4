/**
 * POSIX extended regular expressions, as the C library compiles and matches them: not JavaScript's dialect, and bytes rather than characters
 * (nobody calls setlocale here, so the locale is C's). Source: regex(3), glibc on x86-64.
 */
import { encodeCString } from "../core/path_bytes.ts";
import { bindLibrary } from "./bind.ts";

const SIZEOF_REGEX = 64; // regex_t
const REG_EXTENDED = 1;
const REG_NOSUB = 8;
const REG_STARTEND = 4;
const MAX_ERROR_TEXT = 256;

const libc = bindLibrary({
  regcomp: {
    parameters: [
      "buffer", // regex_t *preg
      "buffer", // const char *regex
      "i32", // int cflags
    ],
    result: "i32",
  },
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

/** One compiled expression. */
export class Ere implements Disposable {
  // SAFETY: more than 64 bytes, so that V8 never moves the record; the matcher's own memory hangs on it until it is freed
  readonly #regex = new Uint8Array(2 * SIZEOF_REGEX);
  readonly #range = new Int32Array(2);
  #freed = false;

  /** @throws {SyntaxError} If `pattern` is no extended regular expression; the message is the C library's. */
  constructor(pattern: string) {
    const code = libc.regcomp(this.#regex, encodeCString(pattern), REG_EXTENDED | REG_NOSUB);
    if (code !== 0) throw new SyntaxError(errorText(code, this.#regex));
  }

  /** Does it match somewhere in `bytes`? They may hold any byte, NUL too. */
  test(bytes: Uint8Array<ArrayBuffer>): boolean {
    if (this.#freed) throw new RangeError("the expression has been freed");
    this.#range[1] = bytes.length;
    const nothing = 0n; // matches wanted: with REG_STARTEND the array gives the range
    return libc.regexec(this.#regex, bytes, nothing, this.#range, REG_STARTEND) === 0;
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
