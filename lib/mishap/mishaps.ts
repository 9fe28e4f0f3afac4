/**
 * Unexpected exceptions, caught at the edge of one service, log or step. Each is reported once, and
 * its service, log or step goes on. The same exception again says nothing new.
 */
import { mishapText } from "./core/mishap_text.ts";

/** More kinds of mishaps than this are not reported one by one. */
const MAX_TOLD = 16;
/** Before a loop is begun again. */
const LOOP_REST_MS = 1000;

export class Mishaps {
  readonly #warn: (text: string) => void;
  /** Made for the first one: most never have any. */
  #told: Set<string> | undefined;

  /** @param warn Says it in the name of whoever has them; may itself throw. */
  constructor(warn: (text: string) => void) {
    this.#warn = warn;
  }

  /** Reports one, unless the same was reported before. Never throws. */
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
      // there is no way left to say it, and to go on is what counts
    }
  }

  /** Calls it. Returns whether it came back; an exception is reported. */
  survives(attempt: () => void): boolean {
    try {
      attempt();
      return true;
    } catch (error) {
      this.tell(error);
      return false;
    }
  }

  /** Waits for `loop`. If it throws, it is begun again after a second. */
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

  /** The result of `attempt`; if it throws, that is reported, and the result is `otherwise`. */
  guard<T>(attempt: () => T, otherwise: T): T {
    try {
      return attempt();
    } catch (error) {
      this.tell(error);
      return otherwise;
    }
  }
}
