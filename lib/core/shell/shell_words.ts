/**
 * Words of a command line that no shell reads: quotes and backslashes, and nothing else. Source:
 * Python, shlex.split (posix). Pure.
 */

/** Undefined if a quote is not closed. */
export function splitShellWords(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === "'" || character === '"') {
      const end = closingQuote(text, at);
      if (end < 0) return undefined;
      const inside = text.slice(at + 1, end);
      word = (word ?? "") + (character === '"' ? inside.replace(/\\(["\\])/g, "$1") : inside);
      at = end;
    } else if (character === "\\") {
      if (at + 1 >= text.length) return undefined;
      word = (word ?? "") + text[++at]!;
    } else {
      word = (word ?? "") + character;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

function closingQuote(text: string, at: number): number {
  const quote = text[at]!;
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === "\\" && quote === '"') i++;
    else if (text[i] === quote) return i;
  }
  return -1;
}
