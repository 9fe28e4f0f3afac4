/**
 * Unexpected exceptions, caught at the boundary of one service, log or step. Each is reported once,
 * and its service, log or step goes on. The same exception is not reported again.
 */
import { mishapText } from "./core/mishap_text.ts";

/** More kinds of mishaps than this are not reported one by one. */
const MAX_TOLD = 16;
/** The pause before a loop is restarted. */
const LOOP_REST_MS = 1000;

export class Mishaps {
  readonly #warn: (text: string) => void;
  /** Created on the first mishap, since most objects never have one. */
  #told: Set<string> | undefined;

  /** @param warn Prints a warning in the owner's name; may itself throw */
  constructor(warn: (text: string) => void) {
    this.#warn = warn;
  }

  /** Reports an exception, unless the same one has been reported before. Never throws. */
  tell(error: unknown): void {
    try {
      const text = mishapText(error);
      const told = this.#told ??= new Set();
      if (told.has(text) || told.size > MAX_TOLD) return;
      told.add(text);
      this.#warn(
        told.size > MAX_TOLD
          ? "more internal errors (not told one by one)"
          : `${text} (going on; please report it)`,
      );
    } catch {
      // there is no way left to report it, and going on matters more
    }
  }

  /** Calls it and reports an exception. Returns whether there was none. */
  survives(attempt: () => void): boolean {
    try {
      attempt();
      return true;
    } catch (error) {
      this.tell(error);
      return false;
    }
  }

  /** Waits for `loop`. If it throws, restarts it after a second. */
  async outlast(loop: Promise<void>, again: () => Promise<void>): Promise<void> {
    for (let current = loop;; current = again()) {
      try {
        return await current;
      } catch (error) {
        this.tell(error);
        await new Promise((resolve) => setTimeout(resolve, LOOP_REST_MS));
      }
    }
  }

  /** Returns the result of `attempt`. If it throws, reports that and returns `otherwise`. */
  guard<T>(attempt: () => T, otherwise: T): T {
    try {
      return attempt();
    } catch (error) {
      this.tell(error);
      return otherwise;
    }
  }
}
