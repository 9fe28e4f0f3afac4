/** A word as execlineb reads it back unchanged. Source: execline, doc/execlineb.html, "Quoting". Pure. */

/** In double quotes, with what has a meaning there escaped. */
export function quoteForExecline(word: string): string {
  return `"${word.replace(/[\\"]/g, "\\$&")}"`;
}
