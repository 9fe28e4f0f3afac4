/** Reading the tables of file systems and of swap, and acting on each of their lines. */
import { decodePath } from "../core/text/path_bytes.ts";
import { openInput, readAll } from "../files/input.ts";
import { SyscallError } from "../libc/bind.ts";
import { close } from "../libc/file.ts";

/** An exit code is a byte: more failures than that are as many. */
const MOST_FAILURES = 255;

export const FSTAB = "/etc/fstab";
export const MOUNTS = "/proc/mounts";
export const SWAPS = "/proc/swaps";

/** The text of a table. @throws {SyscallError} If it can't be read. */
export function readTable(path: string): string {
  const input = openInput(path);
  try {
    return decodePath(readAll(input));
  } finally {
    close(input.fd);
  }
}

/** What was done: words that fit `unable to ...`, and 0 or `-errno`. */
export interface Attempt {
  readonly action: string;
  readonly result: number;
}

/**
 * Does it to all of them: a failure is said, and the others have their turn. Returns the number of
 * failures, as an exit code.
 */
export function attemptAll<T>(
  rows: readonly T[],
  attempt: (row: T) => Attempt,
  warn: (text: string) => void,
): number {
  let failures = 0;
  for (const row of rows) {
    const { action, result } = attempt(row);
    if (result >= 0) continue;
    warn(new SyscallError(action, -result).message);
    failures++;
  }
  return Math.min(failures, MOST_FAILURES);
}
