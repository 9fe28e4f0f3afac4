/**
 * `unicodeWidth` of `@std/cli`, which the npm package `deno-std` has without its table: here that
 * is the npm package `get-east-asian-width`, which follows each version of Unicode.
 */
import { eastAsianWidth } from "get-east-asian-width";

/** Combining marks, joiners and other format characters, controls; the soft hyphen is shown. */
const ZERO_WIDTH = /^(?!\u00ad)[\p{Mn}\p{Me}\p{Cf}\p{Cc}\u1160-\u11ff]$/u;

/** How many cells of a terminal the text takes. */
export function unicodeWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

function characterWidth(character: string): number {
  const code = character.codePointAt(0)!;
  if (code >= 0x20 && code < 0x7f) return 1;
  return ZERO_WIDTH.test(character) ? 0 : eastAsianWidth(code);
}
