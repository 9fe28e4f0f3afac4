/**
 * Names and log lines hold anything. What a browser would obey and not show (controls, marks of
 * text direction, bytes that are not UTF-8) is written out, as on a terminal:
 * lib/core/text/printable.ts. Pure.
 */

const UNPRINTABLE = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/** @param {string} character */
function shown(character) {
  const code = character.charCodeAt(0);
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, "0")}`
    : `\\u${code.toString(16).padStart(4, "0")}`;
}

/**
 * @param {string} text
 * @returns {string}
 */
export function printable(text) {
  return text.replaceAll("\t", " ").replace(UNPRINTABLE, shown);
}
