/**
 * Options of other people's programs, by their letters as getopt(3) has them; what is not known
 * counts as a flag. Pure.
 */

export interface LetterOption {
  readonly letter: string;
  /** "" for a flag. */
  readonly value: string;
  /** The place of the word in which the value stands. */
  readonly wordAt: number;
}

export interface LetterLine {
  readonly options: readonly LetterOption[];
  /** The place of the first operand. */
  readonly operandsAt: number;
}

/** @param letters `u:v`: -u has a value, -v has none */
export function parseGetopt(words: readonly string[], letters: string): LetterLine {
  const options: LetterOption[] = [];
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at]!;
    if (word === "--") return { options, operandsAt: at + 1 };
    if (word === "-" || !word.startsWith("-")) break;
    if (word.startsWith("--")) continue;
    for (let i = 1; i < word.length; i++) {
      const letter = word[i]!;
      const known = letters.indexOf(letter);
      if (known < 0 || letters[known + 1] !== ":") {
        options.push({ letter, value: "", wordAt: at });
        continue;
      }
      const attached = word.slice(i + 1);
      if (attached === "") at++;
      options.push({ letter, value: attached === "" ? words[at] ?? "" : attached, wordAt: at });
      break;
    }
  }
  return { options, operandsAt: Math.min(at, words.length) };
}
