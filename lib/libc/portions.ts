/**
 * Work that there may be any amount of, done in portions: one in each turn of the loop, of whoever
 * has waited longest. So a storm of one kind holds up neither the other kinds nor what the loop
 * hears of. Pure.
 */

/** Does some of it. Returns whether there is more. */
export type Portion = () => boolean;

export class Portions {
  readonly #later: (turn: () => void) => void;
  /** By what the work is about, in the order of their turns. */
  readonly #waiting = new Map<object, Portion>();
  #isArranged = false;

  /**
   * @param later Calls `turn` once, after everything that the loop waits for has been looked at.
   */
  constructor(later: (turn: () => void) => void) {
    this.#later = later;
  }

  /**
   * Does the first portion at once, and the others in turns of their own. Work about the same thing
   * that has more to do goes on as it was.
   */
  begin(about: object, portion: Portion): void {
    if (this.#waiting.has(about)) return;
    this.#do(about, portion);
  }

  /** Does the first portion when it is its turn, and the others as `begin` does. */
  add(about: object, portion: Portion): void {
    if (!this.#waiting.has(about)) this.#waiting.set(about, portion);
    this.#arrange();
  }

  /** The work about this thing is not gone on with. */
  drop(about: object): void {
    this.#waiting.delete(about);
  }

  #next(): [object, Portion] | undefined {
    return this.#waiting.entries().next().value;
  }

  /**
   * While it is being done it counts as waiting, so that what it leads to does not begin it once
   * more; then it goes behind all others.
   */
  #do(about: object, portion: Portion): void {
    this.#waiting.set(about, portion);
    let isLeft = false;
    try {
      isLeft = portion();
    } finally {
      const isWanted = this.#waiting.delete(about);
      if (isLeft && isWanted) this.#waiting.set(about, portion);
      this.#arrange();
    }
  }

  #arrange(): void {
    if (this.#isArranged || this.#waiting.size === 0) return;
    this.#isArranged = true;
    this.#later(() => {
      this.#isArranged = false;
      const next = this.#next();
      if (next !== undefined) this.#do(...next);
    });
  }
}
