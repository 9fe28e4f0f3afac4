/**
 * Looks at all names of a scan directory, in portions: each name costs two system calls, and there
 * may be very many names.
 */
import type { FoundService, ScanResult } from "./core/scandir.ts";

/** Names in one portion. */
const NAMES_AT_ONCE = 1024;

/**
 * What a name in the scan directory is: a service, something that can't be examined now, or nothing
 * that concerns us.
 */
export type Look = FoundService | "unclear" | undefined;

export class Listing {
  readonly #names: readonly string[];
  readonly #look: (name: string, warn: (text: string) => void) => Look;
  readonly #found: FoundService[] = [];
  readonly #unclear: string[] = [];
  readonly #warnings: string[] = [];
  #at = 0;

  constructor(
    names: readonly string[],
    look: (name: string, warn: (text: string) => void) => Look,
  ) {
    this.#names = names;
    this.#look = look;
  }

  /** Looks at some more names. Returns the result once it has looked at all of them. */
  next(): ScanResult | undefined {
    const end = Math.min(this.#names.length, this.#at + NAMES_AT_ONCE);
    for (; this.#at < end; this.#at++) {
      const name = this.#names[this.#at]!;
      const found = this.#look(name, (text) => this.#warnings.push(text));
      if (found === "unclear") this.#unclear.push(name);
      else if (found !== undefined) this.#found.push(found);
    }
    if (this.#at < this.#names.length) return undefined;
    return { found: this.#found, unclear: this.#unclear, warnings: this.#warnings };
  }
}
