/**
 * Other ways that were tried for s6-log, each measured once, some while other work went on on the
 * machine.
 */
import type { Notes } from "../row.ts";

export const LOG_TRIALS: Notes = {
  title: "What was tried",
  text: [
    "Processor time for a gigabyte of lines of 100 bytes, from runs like those above on a machine of 2 cores (AMD EPYC, 512 KiB of second-level " +
    "cache each), when it was decided how s6-log works; single runs, some of them while other work went on. `cat >FILE` took 0.58 s there, C's s6-log 4.6 s, with `T` 7.5 s, with the regular " +
    "expression 8.5 s.",
    "Reading and writing alone, which is what `cat` does too, is nine tenths of what is left for plain lines. Only `splice` needs less, since it " +
    "copies once and not twice; but then nobody has seen the bytes. A NUL could not end a line, a line could not be cut at `-l`, and `current` would " +
    "end within a line as long as the rest is not there, also when the logger is killed.",
  ],
  table: {
    head: ["what", "tried", "seconds per GB"],
    rows: [
      ["plain", "blocks of 1 MiB, NULs looked for by JavaScript's `indexOf`", "0.98"],
      ["", "the same, looked for by the C library's `memchr`", "0.70"],
      ["", "and blocks of 64 KiB; 128 KiB; 512 KiB", "0.86; 0.76; 0.67"],
      [
        "",
        "**and blocks of 256 KiB**, which need less memory than larger ones and are lost less",
        "0.67",
      ],
      ["", "pipes of 64 KiB; 128 KiB; 256 KiB instead of 1 MiB", "0.96; 0.80; 0.70"],
      ["", "a program that only reads and writes, without a look at the bytes", "0.59 to 0.63"],
      ["", "the same, writing on another thread beside the next read", "0.72 to 0.78"],
      ["", "`splice` from the pipe into the file, without a look at the bytes", "0.51"],
      ["`T`", "each line found by `indexOf` and copied by `set`", "2.7"],
      ["", "**lines found and copied four bytes at a time**", "1.9"],
      ["", "the block as a string, stamps put in by `replaceAll`", "no gain on that"],
      [
        "regular expression",
        "line ends found by `indexOf`, the expression searched for in the whole block",
        "4.0",
      ],
      ["", "lines found four bytes at a time", "3.7"],
      [
        "",
        "**line ends found in the text, an expression that begins with `^` tried at line beginnings only**",
        "2.4",
      ],
    ],
  },
};
