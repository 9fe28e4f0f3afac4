/**
 * Words of a command that stands in one line. Compose takes quotes and backslashes as Go's
 * shellwords does; where that drops the rest of the line without a word, at `&&` or `|`, this is a
 * fault. Source: compose-go, types/command.go; go-shellwords, Parse. Pure.
 */

export type SplitCommand =
  | { readonly kind: "words"; readonly words: readonly string[] }
  | { readonly kind: "fault"; readonly text: string };

/** What a backslash and a letter are; others are themselves. */
const ESCAPED: Readonly<Record<string, string>> = { t: "\t", n: "\n" };

export function splitCommand(line: string): SplitCommand {
  const words: string[] = [];
  /** Undefined between two words. */
  let word: string | undefined;
  let open: "'" | '"' | "$(" | undefined;
  /** Between backticks. What stands there, or in `$(...)`, is text: nothing is run. */
  let isTicked = false;
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!;
    const isBare = open === undefined && !isTicked;
    if (character === "\\" && open !== "'") {
      const next = line[++at];
      if (next === undefined) return fault("a backslash is followed by nothing");
      word = (word ?? "") + (ESCAPED[next] ?? next);
    } else if (isBare && /[ \t\r\n]/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (
      (character === "'" || character === '"') && (open === undefined || open === character)
    ) {
      open = open === undefined ? character : undefined;
      word ??= "";
    } else {
      if (isBare && /[;&|<>()]/.test(character)) {
        if (character !== "(" || word?.endsWith("$") !== true) return noShell(character);
        open = "$(";
      } else if (open === "$(" && character === "(") {
        return noShell(character);
      } else if (open === "$(" && character === ")") {
        open = undefined;
      } else if (open === undefined && character === "`") {
        isTicked = !isTicked;
      }
      word = (word ?? "") + character;
    }
  }
  if (open !== undefined || isTicked) {
    return fault(`a ${open === "$(" ? open : isTicked ? "backtick" : "quote"} is not closed`);
  }
  if (word !== undefined) words.push(word);
  return { kind: "words", words };
}

function noShell(character: string): SplitCommand {
  return fault(`no shell reads this: quote the ${character}, or write sh -c '...'`);
}

function fault(text: string): SplitCommand {
  return { kind: "fault", text };
}
