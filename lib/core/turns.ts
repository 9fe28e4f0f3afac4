/** Work that not too many may do at the same time: who comes later waits, first come first served. Pure. */

export class Turns {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #count = 0;

  /** @param most So many at the same time. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Does it when it is its turn, and gives what it gives. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#count < this.#most) this.#count++;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve)); // who ends hands the place on
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#count--;
      else next();
    }
  }
}
