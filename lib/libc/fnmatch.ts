/** Shell patterns, as the C library matches them. Source: fnmatch(3), glibc. */
import { encodeCString, NO_C_STRING } from "../core/path_bytes.ts";
import { bindLibrary } from "./bind.ts";

/** A slash is matched by a slash only. */
export const FNM_PATHNAME = 1;
/** A backslash is nothing special. */
export const FNM_NOESCAPE = 2;
/** A leading period is matched by a period only. */
export const FNM_PERIOD = 4;

const FNM_NOMATCH = 1;

const libc = bindLibrary({
  fnmatch: {
    parameters: [
      "buffer", // const char *pattern
      "buffer", // const char *string
      "i32", // int flags
    ],
    result: "i32",
  },
});

/** Does `text` match? undefined if the pattern is none. What contains a NUL is no pattern, and nothing's name. */
export function fnmatch(pattern: string, text: string, flags: number): boolean | undefined {
  const [patternBytes, textBytes] = [encodeCString(pattern), encodeCString(text)];
  if (patternBytes === NO_C_STRING) return undefined;
  if (textBytes === NO_C_STRING) return false;
  const result = libc.fnmatch(patternBytes, textBytes, flags);
  return result === 0 ? true : result === FNM_NOMATCH ? false : undefined;
}
