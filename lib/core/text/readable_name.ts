/** Random bytes as part of a file name. Source: skalibs, random_name_from.c. Pure. */

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZghijklmnopqrstuvwxyz-_0123456789abcdef";

/** One letter, digit, `-` or `_` for each byte: six bits of it. */
export function readableName(random: Uint8Array): string {
  return Array.from(random, (byte) => LETTERS[byte & 63]).join("");
}
