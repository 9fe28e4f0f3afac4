/** A word as a shell reads it back unchanged. Source: POSIX, Shell Command Language, 2.2. Pure. */

/** As it is if nothing in it means anything to a shell; in single quotes otherwise. */
export function quoteForShell(word: string): string {
  if (/^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*$/.test(word)) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** The words of a command line. */
export function shellLine(words: readonly string[]): string {
  return words.map(quoteForShell).join(" ");
}
