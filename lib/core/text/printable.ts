/**
 * Text from outside, made safe for a terminal: names of services and lines of logs may hold
 * anything, escape sequences among it. Pure.
 */

/**
 * Controls, the marks and controls of text direction, line and paragraph separators, and bytes that
 * are not UTF-8 (lone surrogates).
 */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

function shown(character: string): string {
  const code = character.charCodeAt(0);
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, "0")}`
    : `\\u${code.toString(16).padStart(4, "0")}`;
}

/**
 * The text with every character that a terminal would obey, and not show, written out: `\x1b`. Tabs
 * become blanks.
 */
export function printable(text: string): string {
  return text.replaceAll("\t", " ").replace(UNPRINTABLE, shown);
}
