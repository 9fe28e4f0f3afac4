/**
 * What was found in a directory, for as long as the directory is the same: its ctime shows that,
 * which nobody can set. File systems have coarse clocks, and a directory may change twice within
 * one tick; so nothing is remembered of one that has changed lately.
 */
import { unixMs } from "../libc/clock.ts";

/** The coarsest clock is that of FAT, with two seconds. */
export const AT_REST_MS = 3000;

export class Unchanged<T> {
  readonly #now: () => number;
  #changedMs: number | undefined;
  #found: T | undefined;

  constructor(now: () => number = unixMs) {
    this.#now = now;
  }

  /** What was found when the directory had this ctime; undefined if that is not known. */
  since(changedMs: number): T | undefined {
    return changedMs === this.#changedMs ? this.#found : undefined;
  }

  /** @param changedMs Its ctime, read before anybody looked */
  found(changedMs: number, found: T | undefined): void {
    const isAtRest = this.#now() - changedMs > AT_REST_MS;
    this.#changedMs = isAtRest ? changedMs : undefined;
    this.#found = isAtRest ? found : undefined;
  }
}
