/** Modes of files as they are typed: octal, like 0755. Pure. */

const MAX_UINT = 0xffffffff;

/**
 * The number, with whatever bits there are above 07777; undefined if the text is no octal number of
 * at most 32 bits.
 */
export function parseMode(text: string): number | undefined {
  if (!/^[0-7]+$/.test(text)) return undefined;
  const mode = Number.parseInt(text, 8);
  return mode <= MAX_UINT ? mode : undefined;
}
