/**
 * Blocks in an argv, as execline encodes them: each argument of a block begins with a space, and an
 * empty argument ends the block. Typed by hand the spaces may be missing; EXECLINE_STRICT makes
 * that a warning or an error. Source: execline, libexecline/el_semicolon.c. Pure.
 */

/** A block at the beginning of some words. */
export interface LeadingBlock {
  /** The arguments of the block, without the leading space. What follows begins one further on. */
  readonly block: readonly string[];
  /** Positions of arguments that had no leading space. */
  readonly unquoted: readonly number[];
}

/** A block and what stands behind it. */
export interface Block extends LeadingBlock {
  /** What follows the empty argument. */
  readonly rest: readonly string[];
}

/**
 * The block that words begin with, or undefined if nothing ends it. What stands behind it is not
 * looked at.
 */
export function leadingBlock(
  words: { at(index: number): string | undefined },
): LeadingBlock | undefined {
  const block: string[] = [];
  const unquoted: number[] = [];
  for (let position = 0;; position++) {
    const word = words.at(position);
    if (word === undefined) return undefined;
    if (word === "") return { block, unquoted };
    const isQuoted = word.startsWith(" ");
    if (!isQuoted) unquoted.push(position);
    block.push(isQuoted ? word.slice(1) : word);
  }
}

/** The block that `argv` begins with, or undefined if nothing ends it. */
export function splitBlock(argv: readonly string[]): Block | undefined {
  const leading = leadingBlock(argv);
  return leading && { ...leading, rest: argv.slice(leading.block.length + 1) };
}
