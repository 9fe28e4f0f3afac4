/** The secret that those who ask a server have to know. Source: RFC 6750. Pure. */

/** The token in a file's text: its first line, without blanks around it; undefined if it is none. */
export function tokenOf(text: string): string | undefined {
  const token = text.split("\n")[0]!.trim();
  return /^[\x21-\x7e]+$/.test(token) ? token : undefined;
}
