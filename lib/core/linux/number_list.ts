/** Lists of numbers in one word, like `1,15,17`. Source: skalibs, fmtscan-internal.h. Pure. */
import { parseUint } from "./config_file.ts";

/**
 * The numbers between commas (or colons, semicolons, white space), of which there must be at least
 * one; undefined if it is no such list.
 */
export function parseUintList(text: string): readonly number[] | undefined {
  const numbers = text.replace(/[,:; \t\r\n]+$/, "").split(/[,:; \t\r\n]+/).map(parseUint);
  return numbers.every((number) => number !== undefined) ? numbers : undefined;
}
