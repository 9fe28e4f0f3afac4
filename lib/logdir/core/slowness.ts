/**
 * Whether something that is done again and again takes too long: once may be chance, several times
 * within a short while is not. Pure.
 */

/** Others wait so long, and notice. */
const SLOW_MS = 100;
const SLOW_WEIGHT = 10;
/** Three slow ones, with no more than some ten others between them. */
const LIMIT = 2 * SLOW_WEIGHT + 1;

export class Slowness {
  #weight = 0;
  #told = false;

  /** Returns true once: when it has become too much. @param ms what it has taken this time */
  isTooMuch(ms: number): boolean {
    this.#weight = Math.max(0, this.#weight + (ms >= SLOW_MS ? SLOW_WEIGHT : -1));
    if (this.#told || this.#weight < LIMIT) return false;
    this.#told = true;
    return true;
  }
}
