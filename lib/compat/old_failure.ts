/** How the programs of runit and daemontools give up: exit code 111, and their words for the reason. */
import { EXIT_SYSTEM } from "../core/cli/exit_codes.ts";
import { UsageError } from "../core/cli/getopt.ts";
import type { Words } from "../execline/core/words.ts";
import type { Next } from "../execline/link.ts";
import { LinkFailure } from "../execline/link_failure.ts";
import { SyscallError } from "../libc/bind.ts";
import { djbReason } from "./core/djb_reason.ts";

/** @param doing What failed: `unable to setuid`. */
export function oldFailure(doing: string, errno: number): LinkFailure {
  return new LinkFailure(EXIT_SYSTEM, `${doing}: ${djbReason(errno)}`);
}

/** C's result. @throws {LinkFailure} If it is an error. */
export function oldChecked(doing: string, result: number): number {
  if (result < 0) throw oldFailure(doing, -result);
  return result;
}

/** What `act` returns. @throws {LinkFailure} If a system call fails in it. */
export function attempt<T>(doing: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof SyscallError ? oldFailure(doing, error.errno) : error;
  }
}

/** @throws {UsageError} If there are fewer words; it says nothing but the usage. */
export function needOldWords(words: Words, count: number): void {
  if (words.length < count) throw new UsageError("");
}

/**
 * The program at the end. @param unable What is said if it can't be executed, its name behind it.
 */
export function oldNext(words: Words, unable = "unable to run "): Next {
  return { words, failure: (errno) => oldFailure(`${unable}${words.first}`, errno) };
}
