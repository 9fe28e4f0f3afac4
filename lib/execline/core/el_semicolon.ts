/**
 * Blocks in an argv, as execline encodes them: each argument of a block begins with a space, and an
 * empty argument ends the block. Typed by hand the spaces may be missing; EXECLINE_STRICT makes
 * that a warning or an error. Source: execline, libexecline/el_semicolon.c. Pure.
 */

/** A block and what stands behind it. */
export interface Block {
  /** The arguments of the block, without the leading space. */
  readonly block: readonly string[];
  /** What follows the empty argument. */
  readonly rest: readonly string[];
  /** Positions of arguments that had no leading space. */
  readonly unquoted: readonly number[];
}

/** The block that `argv` begins with, or undefined if nothing ends it. */
export function splitBlock(argv: readonly string[]): Block | undefined {
  const end = argv.indexOf("");
  if (end === -1) return undefined;
  const words = argv.slice(0, end);
  return {
    block: words.map((word) => word.startsWith(" ") ? word.slice(1) : word),
    rest: argv.slice(end + 1),
    unquoted: words.flatMap((word, position) => word.startsWith(" ") ? [] : [position]),
  };
}
