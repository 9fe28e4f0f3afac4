/**
 * What a command is given, and the ways in which it ends early. A command is a function of a
 * context that returns an exit code.
 */
import type { CommandTable } from "../lib/core/cli/getopt.ts";
import type { Link } from "../lib/execline/link.ts";

export interface Context {
  /** The name that the command was called by, for its messages. */
  readonly program: string;
  /** Options and operands, without the program's name. */
  readonly argv: readonly string[];
  /** The environment. Within a chain it is the chain's, not the process's. */
  readonly env: ReadonlyMap<string, string>;
  /**
   * Our descriptors that stand for the command's standard ones: 0, 1 and 2, unless it runs as a
   * link of a chain.
   */
  readonly stdin: number;
  readonly stdout: number;
  readonly stderr: number;
  /**
   * Writes all of it to standard output. @throws {BrokenPipe | SyscallError} If it can't be
   * written.
   */
  out(text: string | Uint8Array<ArrayBuffer>): void;
  /** Says `program: warning: text` on standard error. */
  warn(text: string): void;
  /** Says `program: info: text` on standard error. */
  info(text: string): void;
}

export interface CommandModule {
  readonly table: CommandTable;
  /**
   * `--help` and `--version` are for the command itself to answer, since its arguments may be
   * another program's.
   */
  readonly readsHelpItself?: boolean;
  /**
   * `--help` and `--version` are answered where they stand alone; beside other words they are
   * options that C does not know.
   */
  readonly helpAlone?: boolean;
  main(context: Context): number | Promise<number>;
}

/** A command that is a link of chains: docs/chain.md. */
export interface LinkModule {
  readonly table: CommandTable;
  readonly link: Link;
}

/** The command gives up: main.ts says `program: fatal: message` and exits with `code`. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}
