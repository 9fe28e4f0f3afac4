/**
 * The program that a link starts once it listens for events: a child beside it, whose death means
 * nothing.
 */
import { startedPid } from "../execline/child_status.ts";
import type { Call } from "../execline/link.ts";
import type { Words } from "../execline/core/words.ts";
import { waitAny } from "../libc/process.ts";

/**
 * Starts `program`, and reaps whatever child dies from now on. @throws {LinkFailure} If it can't be
 * started.
 */
export async function startChildOfLink(call: Call, program: Words): Promise<void> {
  const reap = (): void => {
    while (waitAny() !== undefined);
  };
  Deno.addSignalListener("SIGCHLD", reap);
  startedPid(await call.start(program), program.first);
  reap(); // it may have died before the listener was there
}
