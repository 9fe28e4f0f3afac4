/** A program that is being checked, what is known of it, and words that its checks share. */
import type { ChainEnd } from "./core/command_chain.ts";

export const SHELLS: readonly string[] = ["sh", "bash", "dash", "ash", "ksh", "zsh", "mksh"];

/**
 * run and finish are started by a supervisor in `directory`; script: anything else that is
 * executed.
 */
export type Role = "run" | "finish" | "check" | "script";

export interface Program {
  readonly path: string;
  readonly role: Role;
  /** Where it runs. */
  readonly directory: string;
  /** Whoever installs it makes it executable. */
  readonly isSource?: boolean;
}

/** What a script becomes at its end. */
export interface Becomes {
  readonly end: ChainEnd;
  readonly line: number;
  /** Nothing decides whether the script comes there. */
  readonly certain: boolean;
  /** Of the script. */
  readonly text: string;
  /** It changes its directory, so that relative names mean something else. */
  readonly moves: boolean;
}

/** A file's mode as `chmod` wants it. */
export function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, "0");
}
