/**
 * The program that a link starts once it listens for events: a child beside it, whose death means
 * nothing.
 */
import { startedPid } from "../execline/child_status.ts";
import type { Call } from "../execline/link.ts";
import type { Words } from "../execline/core/words.ts";
import { collectAllAround } from "../processes/child_watch.ts";

/**
 * Starts `program`, and reaps whatever child dies from now on. @throws {LinkFailure} If it can't be
 * started.
 */
export async function startChildOfLink(call: Call, program: Words): Promise<void> {
  await collectAllAround(async () => {
    startedPid(await call.start(program), program.first);
  });
}
