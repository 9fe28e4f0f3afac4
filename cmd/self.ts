/** How a command of ours starts another command of ours, or itself once more. */
import { ownProgram, successorProgram } from "../lib/libc/invocation.ts";

export interface SelfCommand {
  /** The program to execute. */
  readonly path: string;
  readonly argv: readonly string[];
}

/**
 * What to execute to run the command `name` of this program, whatever PATH says. The compiled
 * program finds its command by argv[0]; from the sources it is the first argument of main.ts.
 */
export function selfCommand(name: string, args: readonly string[]): SelfCommand {
  return commandOf(ownProgram(), name, args);
}

/** The same for the program that now stands at our path. */
export function successorCommand(name: string, args: readonly string[]): SelfCommand {
  return commandOf(successorProgram(name) ?? ownProgram(), name, args);
}

function commandOf(path: string, name: string, args: readonly string[]): SelfCommand {
  if (Deno.build.standalone) return { path, argv: [name, ...args] };
  const { pathname } = new URL("./main.ts", import.meta.url);
  return { path, argv: [path, "run", "-A", decodeURIComponent(pathname), name, ...args] };
}
