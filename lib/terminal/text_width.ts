/**
 * How many cells of a terminal a text takes: two for a wide character, none for a combining one.
 */
import { unicodeWidth } from "@std/cli";

const ASCII = /^[ -~]*$/;

export function textWidth(text: string): number {
  return ASCII.test(text) ? text.length : unicodeWidth(text);
}
