/** One chain that is run with C's execline and with ours. */
import type { TreeSpec } from "../../fixture/tree.ts";

export interface ChainCase {
  /** What it is about; unique. */
  readonly title: string;
  /** A script for execlineb; or else `command`. */
  readonly script?: string;
  /**
   * What is executed in place of execlineb with a script; the first word is looked up in the links.
   */
  readonly command?: readonly string[];
  /** Options of execlineb; default `-P`. */
  readonly options?: readonly string[];
  /** Arguments of the script. */
  readonly args?: readonly string[];
  /** Besides PATH. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** In the directory in which it runs. */
  readonly files?: TreeSpec;
  /** A shell's redirections: descriptors that it is started with, `3<file 0<&-`. */
  readonly redirections?: string;
  /** The probe runs in several processes, whose order is anybody's. */
  readonly unordered?: boolean;
}

/** Lines that only one outcome has. */
export interface Difference {
  readonly ours?: readonly string[];
  readonly theirs?: readonly string[];
}

/** Cases that are a title and a script. */
export function scripts(table: Readonly<Record<string, string>>): ChainCase[] {
  return Object.entries(table).map(([title, script]) => ({ title, script }));
}
