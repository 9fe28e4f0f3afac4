/**
 * What becomes of a value before it is substituted: repeated delimiters are crunched, the last one
 * is chomped, and it is split into words.
 *
 * Delimiters are bytes. A value that is not ASCII is therefore worked on as one character a byte.
 * Source: execline, doc/el_transform.html, libexecline/el_transform.c. Pure.
 */
import { decodePath, encodePath } from "../../core/text/path_bytes.ts";

export const DEFAULT_DELIMITERS = " \n\r\t";

export interface Transformation {
  /**
   * Each character (byte) of it ends a word. Empty, with `split`: the value is a sequence of
   * netstrings.
   */
  readonly delimiters: string;
  /** Make one delimiter of several in a row: the first of them. */
  readonly crunch: boolean;
  /** Drop a delimiter at the end; when splitting, drop what stands behind the last delimiter. */
  readonly chomp: boolean;
  readonly split: boolean;
}

export const NO_TRANSFORMATION: Transformation = {
  delimiters: DEFAULT_DELIMITERS,
  crunch: false,
  chomp: false,
  split: false,
};

/**
 * The words that `value` stands for: one without `split`, else any number, none included.
 *
 * @throws {SyntaxError} If it should be netstrings and is not.
 */
export function transformValue(value: string, how: Transformation): string[] {
  // deno-lint-ignore no-control-regex -- everything else is
  if (/^[\x00-\x7f]*$/.test(value)) return transformBytes(value, how);
  const delimiters = toBytes(how.delimiters);
  return transformBytes(toBytes(value), { ...how, delimiters }).map(fromBytes);
}

/** A netstring of `text`. */
export function netstring(text: string): string {
  return `${encodePath(text).length}:${text},`;
}

/**
 * The strings in a sequence of netstrings of one character a byte. One without a length is none: C
 * takes the length of the one before it, by accident. @throws {SyntaxError} If it is no sequence of
 * netstrings.
 */
export function splitNetstrings(bytes: string): string[] {
  const words: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const colon = bytes.indexOf(":", at);
    const digits = bytes.slice(at, colon);
    const end = colon + 1 + Number(digits);
    if (colon === -1 || !/^[0-9]+$/.test(digits) || bytes[end] !== ",") {
      throw new SyntaxError("not a sequence of netstrings");
    }
    words.push(bytes.slice(colon + 1, end));
    at = end + 1;
  }
  return words;
}

/** One character for each byte of `text`. */
export function toBytes(text: string): string {
  return Array.from(encodePath(text), (byte) => String.fromCharCode(byte)).join("");
}

/** The opposite of `toBytes`. */
export function fromBytes(bytes: string): string {
  return decodePath(Uint8Array.from(bytes, (character) => character.charCodeAt(0)));
}

function transformBytes(
  value: string,
  { delimiters, crunch, chomp, split }: Transformation,
): string[] {
  let text = crunch && delimiters !== "" ? crunched(value, delimiters) : value;
  const chomped = chomp && text !== "" && delimiters.includes(text.at(-1)!);
  if (chomped) text = text.slice(0, -1);
  if (!split) return [text];
  if (delimiters === "") return splitNetstrings(text);
  const words: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (!delimiters.includes(text[at]!)) continue;
    words.push(text.slice(start, at));
    start = at + 1;
  }
  // with `chomp`, and no delimiter at the end, the last word is not complete, as for a shell's read
  if (start < text.length && (!chomp || chomped)) words.push(text.slice(start));
  return words;
}

function crunched(text: string, delimiters: string): string {
  let result = "";
  let inRun = false;
  for (const character of text) {
    const delimits = delimiters.includes(character);
    if (!delimits || !inRun) result += character;
    inRun = delimits;
  }
  return result;
}
