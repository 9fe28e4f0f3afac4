/** Text in lines no wider than a terminal. How wide a text is there is the caller's knowledge. Pure. */
import { cutText } from "./text_table.ts";

/** Breaks at blanks; a word that is too wide by itself is cut. */
export function wrappedText(
  text: string,
  width: number,
  textWidth: (text: string) => number,
): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && textWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(cutText(word, width, textWidth));
  }
  return lines;
}
