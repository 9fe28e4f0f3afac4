/**
 * One match of a POSIX regular expression, basic or extended, with the parts that its groups have
 * matched. Source: regex(3), glibc.
 */
import { decodePath, encodeCString, NO_C_STRING } from "../core/text/path_bytes.ts";
import { bindLibrary } from "./bind.ts";

const SIZEOF_REGEX = 64; // regex_t
const NSUB_OFFSET = 48; // size_t re_nsub
const REG_EXTENDED = 1;
const REG_ICASE = 2;
const MAX_ERROR_TEXT = 256;

const libc = bindLibrary({
  regcomp: { parameters: ["buffer", "buffer", "i32"], result: "i32" },
  regexec: { parameters: ["buffer", "buffer", "usize", "buffer", "i32"], result: "i32" },
  regfree: { parameters: ["buffer"], result: "void" },
  regerror: { parameters: ["i32", "buffer", "buffer", "usize"], result: "usize" },
});

export interface RegexOptions {
  readonly extended: boolean;
  readonly ignoreCase: boolean;
}

/**
 * What the groups have matched, "" for one that has no part in the match; undefined if `text` does
 * not match.
 *
 * @throws {SyntaxError} If `pattern` is no regular expression; the message is the C library's.
 */
export function matchGroups(
  pattern: string,
  text: string,
  { extended, ignoreCase }: RegexOptions,
): string[] | undefined {
  const patternBytes = encodeCString(pattern);
  if (patternBytes === NO_C_STRING) {
    throw new SyntaxError("a regular expression can't contain a NUL");
  }
  // SAFETY: more than 64 bytes, so V8 never moves the record that the matcher's memory refers to
  const regex = new Uint8Array(2 * SIZEOF_REGEX);
  const code = libc.regcomp(
    regex,
    patternBytes,
    (extended ? REG_EXTENDED : 0) | (ignoreCase ? REG_ICASE : 0),
  );
  if (code !== 0) throw new SyntaxError(errorText(code, regex));
  try {
    const groups = Number(new DataView(regex.buffer).getBigUint64(NSUB_OFFSET, true));
    const places = new Int32Array(2 * (groups + 1));
    const bytes = encodeCString(text);
    if (bytes === NO_C_STRING || libc.regexec(regex, bytes, BigInt(groups + 1), places, 0) !== 0) {
      return undefined;
    }
    return Array.from(
      { length: groups },
      (_, i) =>
        decodePath(
          bytes.subarray(Math.max(places[2 * i + 2]!, 0), Math.max(places[2 * i + 3]!, 0)),
        ),
    );
  } finally {
    libc.regfree(regex);
  }
}

function errorText(code: number, regex: Uint8Array<ArrayBuffer>): string {
  const text = new Uint8Array(MAX_ERROR_TEXT);
  libc.regerror(code, regex, text, BigInt(MAX_ERROR_TEXT));
  return new TextDecoder().decode(text.subarray(0, text.indexOf(0)));
}
