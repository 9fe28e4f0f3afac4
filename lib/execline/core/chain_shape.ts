/**
 * What stands behind the name of a link, for those who look at a script without running it:
 * operands, blocks, and the program that follows. Source: execline, doc/*.html; s6, doc/*.html.
 * Pure.
 */

/**
 * word: one operand. block: a block that is a command line. words: a block of words. cases: a block
 * of patterns, each with a block.
 */
export type Part = "word" | "block" | "words" | "cases";

export interface ChainShape {
  readonly parts: readonly Part[];
  /** Whether a program follows: it must, it may, or what follows are no more than arguments. */
  readonly next: "needed" | "possible" | "none";
}

function shape(next: ChainShape["next"], ...parts: readonly Part[]): ChainShape {
  return { parts, next };
}

const ONE_WORD = shape("needed", "word");
const TWO_WORDS = shape("needed", "word", "word");
const NOTHING = shape("needed");
const ENDS = shape("none");

/** By name. A link that is not here has arguments that only it can tell apart. */
export const CHAIN_SHAPES: Readonly<Record<string, ChainShape>> = {
  background: shape("possible", "block"),
  backtick: shape("needed", "word", "block"),
  case: shape("possible", "word", "cases"),
  cd: ONE_WORD,
  define: shape("possible", "word", "word"),
  elgetopt: ONE_WORD,
  elgetpositionals: shape("possible"),
  elglob: shape("possible", "word", "word"),
  eltest: ENDS,
  emptyenv: NOTHING,
  envfile: ONE_WORD,
  exec: NOTHING,
  "execline-cd": ONE_WORD,
  "execline-umask": ONE_WORD,
  exit: ENDS,
  export: TWO_WORDS,
  "export-array": shape("needed", "word", "words"),
  fdblock: ONE_WORD,
  fdclose: ONE_WORD,
  fdmove: TWO_WORDS,
  fdreserve: ONE_WORD,
  fdswap: TWO_WORDS,
  forbacktickx: shape("needed", "word", "block"),
  foreground: shape("possible", "block"),
  forstdin: ONE_WORD,
  forx: shape("possible", "word", "words"),
  getcwd: ONE_WORD,
  getpid: ONE_WORD,
  heredoc: TWO_WORDS,
  if: shape("possible", "block"),
  ifelse: shape("possible", "block", "block"),
  ifte: shape("needed", "block", "block"),
  ifthenelse: shape("possible", "block", "block", "block"),
  import: shape("possible", "word"),
  importas: shape("possible", "word", "word"),
  loopwhilex: NOTHING,
  multidefine: shape("possible", "word", "words"),
  multisubstitute: shape("needed", "words"),
  pipeline: shape("needed", "block"),
  piperw: TWO_WORDS,
  redirfd: TWO_WORDS,
  shift: NOTHING,
  "s6-applyuidgid": NOTHING,
  "s6-envdir": ONE_WORD,
  "s6-envuidgid": ONE_WORD,
  "s6-setlock": ONE_WORD,
  "s6-setsid": NOTHING,
  "s6-setuidgid": ONE_WORD,
  "s6-softlimit": NOTHING,
  "s6-test": ENDS,
  trap: shape("needed", "cases"),
  tryexec: shape("possible", "block"),
  umask: ONE_WORD,
  unexport: ONE_WORD,
  "with-contenv": NOTHING,
  withstdinas: shape("possible", "word"),
};
