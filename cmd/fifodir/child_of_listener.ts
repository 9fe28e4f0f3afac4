/** The program that s6-svlisten and s6-ftrig-listen start once they are listening. */
import { checked } from "../../lib/libc/bind.ts";
import { waitPid } from "../../lib/libc/process.ts";
import { spawn } from "../../lib/libc/spawn.ts";

/**
 * Starts the program `argv[0]`, looked for in PATH, and reaps it when it dies. @throws
 * {SyscallError} If it can't be started.
 */
export function startChildOfListener(argv: readonly string[]): void {
  const program = argv[0]!;
  const pid = checked(`spawn ${program}`, spawn({ path: program, argv, searchPath: true }));
  Deno.addSignalListener("SIGCHLD", () => void waitPid(pid));
  waitPid(pid); // it may have died before the listener was there
}
