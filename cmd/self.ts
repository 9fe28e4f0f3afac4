/** How a command of ours starts another command of ours, or itself once more. */
import { ownProgram } from "../lib/libc/invocation.ts";

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
  const path = ownProgram();
  if (Deno.build.standalone) return { path, argv: [name, ...args] };
  const { pathname } = new URL("./main.ts", import.meta.url);
  return { path, argv: [path, "run", "-A", decodeURIComponent(pathname), name, ...args] };
}
