/**
 * How a block has ended, in the numbers of execline. Source: skalibs, djbunix.h, wait_status() and
 * wait_estatus().
 */
import { EXIT_SYSTEM } from "../core/cli/exit_codes.ts";
import { wexitstatus, wifsignaled, wtermsig } from "../core/linux/wstat.ts";
import type { Ending } from "./link.ts";
import { LinkFailure } from "./link_failure.ts";
import { startFailure } from "./start_failure.ts";

const BY_SIGNAL = 256;
const SHELL_BY_SIGNAL = 128;

/** What `$?` is: the exit code, or 256 more than the signal. */
export function fullStatus(wstat: number): number {
  return wifsignaled(wstat) ? BY_SIGNAL + wtermsig(wstat) : wexitstatus(wstat);
}

/** An exit code to end with: at most 128, or 128 more than the signal. */
export function exitStatus(wstat: number): number {
  return wifsignaled(wstat)
    ? SHELL_BY_SIGNAL + wtermsig(wstat)
    : Math.min(wexitstatus(wstat), SHELL_BY_SIGNAL);
}

/**
 * The wait status of a block that has been started. @throws {LinkFailure} If `program` could not
 * be.
 */
export function statusOf(ending: Ending, program: string): number {
  if ("wstat" in ending) return ending.wstat;
  throw new LinkFailure(EXIT_SYSTEM, startFailure("spawn", program, ending.errno));
}

/**
 * The pid of a block that has been started. @throws {LinkFailure} If `started` is `-errno`:
 * `program` could not be.
 */
export function startedPid(started: number, program: string | undefined): number {
  if (started >= 0) return started;
  throw new LinkFailure(EXIT_SYSTEM, startFailure("spawn", program, -started));
}
