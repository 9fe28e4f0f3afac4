/** The program that s6-svlisten and s6-ftrig-listen start once they are listening. */
import { checked } from "../../lib/libc/bind.ts";
import { spawn } from "../../lib/libc/spawn.ts";
import { ChildWatch } from "../../lib/processes/child_watch.ts";

/**
 * Starts the program `argv[0]`, looked for in PATH, and reaps it when it dies. @throws
 * {SyscallError} If it can't be started.
 */
export function startChildOfListener(argv: readonly string[]): void {
  const program = argv[0]!;
  new ChildWatch(checked(`spawn ${program}`, spawn({ path: program, argv, searchPath: true })));
}
