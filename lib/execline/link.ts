/**
 * What a link of a chain is to the engine, and the engine to a link. docs/chain.md tells how to
 * write one.
 */
import type { ChainEnvironment } from "./core/chain_environment.ts";
import type { OptionSpec } from "../core/cli/getopt.ts";
import type { GivenOptions } from "../core/cli/given.ts";
import type { Place, Words } from "./core/words.ts";
import type { LinkFailure } from "./link_failure.ts";
import type { State } from "./state.ts";

/**
 * What a link depends on:
 * - "state": only on the state, and it never waits. It may run instead of a process that is
 *   beside this one
 * - "waits": it may wait, for children, for input, for a FIFO. A block that nobody waits for
 *   needs a process for it
 * - "process": it is about the process that it runs in: its pid, its children, ids, session,
 *   limits. A block needs a process for it
 */
export type Nature = "state" | "waits" | "process";

/** The program that the chain goes on with. */
export interface Next {
  /** Its argv; an empty one ends the chain with exit code 0. */
  readonly words: Words;
  /** The program, if it is not what argv[0] says. */
  readonly executable?: string;
  /** The command of ours that it is, whatever PATH says. */
  readonly own?: string;
  /** The environment that it gets, if not the state's. */
  readonly env?: ChainEnvironment;
  /**
   * What to go on with, in the state's environment, if it can't be executed. Without it that ends
   * the chain.
   */
  readonly orElse?: Words;
  /** What ends the chain if it can't be executed, where that is not what execline says. */
  readonly failure?: (errno: number) => LinkFailure;
}

/** An exit code, which ends the chain, or what comes next. */
export type LinkResult = number | Next;

/** How a block has ended: its wait status, or why its first program could not be started at all. */
export type Ending = { readonly wstat: number } | { readonly errno: number };

/** `text` is empty where nothing could be started. */
export interface Captured {
  readonly text: string;
  readonly ending: Ending;
}

/** `flag`, `value` and `last` ask for the link's options. */
export interface Call extends GivenOptions {
  /** The link's name, for its messages. */
  readonly program: string;
  /** The word that it was called by. */
  readonly argv0: string;
  /** Where it stands in a script, if it does. */
  readonly place: Place | undefined;
  readonly state: State;
  /** What follows the options. */
  readonly words: Words;
  /** Says `program: warning: text` on the chain's standard error. */
  warn(text: string): void;
  /** Says `program: info: text` there. */
  info(text: string): void;
  /** Says a line there. */
  say(line: string): void;
  /**
   * Runs a block to its end, as a child does, with a copy of the state.
   *
   * @param prepare Changes that copy first.
   */
  run(block: Words, prepare?: (guest: State) => void): Promise<Ending>;
  /**
   * Starts a block beside this process, with a copy of the state. Returns its pid, or `-errno` if
   * its first program can't be executed.
   */
  start(block: Words, prepare?: (guest: State) => void): Promise<number>;
  /** What a block writes on its standard output, and how it ends. */
  capture(block: Words): Promise<Captured>;
  /**
   * The same as `start`, and the new process is an orphan: this process is not its parent. If its
   * first program can't be executed, that is said here, and the pid is that of a process that is
   * gone.
   */
  startOrphan(block: Words, prepare?: (guest: State) => void): Promise<number>;
}

export interface Link {
  readonly nature: Nature;
  /** Its words are operands, all of them, whatever they look like. */
  readonly allOperands?: true;
  /** Ends by throwing, too: LinkFailure, UsageError, SyscallError. */
  readonly run: (call: Call) => LinkResult | Promise<LinkResult>;
}

/** A command as the engine knows it. */
export type Command =
  | { readonly kind: "link"; readonly options: readonly OptionSpec[]; readonly link: Link }
  /**
   * Runs within this process, with the state's environment and descriptors. Returns its exit code,
   * or undefined for a broken pipe.
   */
  | {
    readonly kind: "tool";
    readonly run: (state: State, words: Words) => Promise<number | undefined>;
  }
  /** Gets a process of its own. */
  | { readonly kind: "program" };

/** What the engine wants of the world. */
export interface ChainPort {
  /** Is it what one of our commands is called? */
  isCommand(name: string): boolean;
  /** Is it one that is ours even where no link to it is found in PATH? */
  isAnywhere(name: string): boolean;
  load(name: string): Promise<Command>;
  /** How to execute the command `name` of this program. */
  self(
    name: string,
    args: readonly string[],
  ): { readonly path: string; readonly argv: readonly string[] };
  /** Says a line on our descriptor `stderr`. */
  say(line: string, stderr: number): void;
  /** Says why the link failed. Returns the exit code. */
  report(
    program: string,
    error: unknown,
    where: { readonly stderr: number; readonly place: Place | undefined },
  ): number;
}

/** The chain goes on with these words. */
export function goOn(words: Words): Next {
  return { words };
}
