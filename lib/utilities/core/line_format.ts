/**
 * The format of s6-format-filter: text with `%%`, `%s` and `%0` to `%9`. Source: s6-portable-utils,
 * doc/s6-format-filter.html. Pure.
 */
import { encodePath } from "../../core/text/path_bytes.ts";

/** What a line becomes, piece by piece: bytes, or the line itself. */
export type LineFormat = readonly (Uint8Array<ArrayBuffer> | "line")[];

/**
 * @param args What `%0`, `%1` and so on stand for.
 * @throws {SyntaxError} If something else follows a `%`, or a number without argument.
 */
export function parseLineFormat(format: string, args: readonly string[]): LineFormat {
  const pieces: (Uint8Array<ArrayBuffer> | "line")[] = [];
  let text = "";
  for (let at = 0; at < format.length; at++) {
    if (format[at] !== "%") {
      text += format[at];
      continue;
    }
    const letter = format[++at] ?? "";
    if (letter === "s") {
      pieces.push(encodePath(text), "line");
      text = "";
    } else if (letter === "%") {
      text += "%";
    } else {
      const argument = /^[0-9]$/.test(letter) ? args[Number(letter)] : undefined;
      if (argument === undefined) throw new SyntaxError(complaint(letter));
      text += argument;
    }
  }
  pieces.push(encodePath(text));
  return pieces;
}

function complaint(letter: string): string {
  if (letter === "") return "a % ends it; %% prints one";
  return /^[0-9]$/.test(letter)
    ? `there is no argument for %${letter}`
    : `%${letter} means nothing; %% prints a %`;
}
