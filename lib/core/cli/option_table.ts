/**
 * What the tables of `hexad`'s own commands tell beyond those of s6: each option has a long name,
 * and what values and operands are is known. Parsing, `--help`, completions and manual pages are
 * made of the one table. Pure.
 */
import type { CommandTable, OptionSpec } from "./getopt.ts";

/**
 * What a value or an operand is, for those that complete it or explain it. A list: one of these
 * words.
 */
export type ValueKind =
  | "service"
  | "signal"
  | "directory"
  | "file"
  | "duration"
  | "time"
  | "number"
  | "pattern"
  | "text"
  | readonly string[];

export interface NamedOption extends OptionSpec {
  readonly long: string;
  /** Of an option with a value. */
  readonly kind?: ValueKind;
  /** May be given more than once; each value counts. */
  readonly repeatable?: boolean;
}

/** What one of `hexad`'s own commands tells about itself. */
export interface NamedTable extends CommandTable {
  readonly options: readonly NamedOption[];
  /** What its operands are; `none` if it takes none. */
  readonly operands: ValueKind | "none";
}

/** The environment variable for all of them. */
export const SCANDIR_VARIABLE = "S6_SCANDIR";

/** The option that names the tree, for all commands that look at one. */
export const SCANDIR_OPTION = {
  short: "S",
  long: "scandir",
  arg: "DIR",
  kind: "directory",
  text:
    "the scan directory; default: $S6_SCANDIR, the one around here, that of PID 1, /run/service, /service",
} as const satisfies NamedOption;
