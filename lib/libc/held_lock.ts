/**
 * The lock files that this process holds. A process's own POSIX locks never conflict with each
 * other, and closing a second descriptor of the file would drop the first one's lock: so a lock
 * file that is held is not even opened.
 */
import { fileKey, fstat, type Stat } from "./stat.ts";

const held = new Set<string>();

/** Does this process hold that file? @param found What stat has said of it; a number: no file. */
export function isHeldHere(found: Stat | number): boolean {
  return typeof found !== "number" && held.has(fileKey(found));
}

/** The lock on the open file has been taken. Returns what `releaseHeld` wants. */
export function noteHeld(fd: number): string {
  const key = fileKey(fstat(fd));
  held.add(key);
  return key;
}

/** The file is about to be closed. */
export function releaseHeld(key: string): void {
  held.delete(key);
}
