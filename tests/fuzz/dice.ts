/** Random choices that a seed repeats. */
import { seededRandom } from "../unit/core/seeded_random.ts";

export class Dice {
  readonly #random: (below: number) => number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  /** An integer from 0 to `count` - 1. */
  readonly below = (count: number): number => this.#random(count);

  /** True once in so many times. */
  onceIn(times: number): boolean {
    return this.#random(times) === 0;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.#random(list.length)]!;
  }

  bytes(count: number): Uint8Array<ArrayBuffer> {
    return Uint8Array.from({ length: count }, () => this.#random(256));
  }

  times<T>(count: number, make: (index: number) => T): T[] {
    return Array.from({ length: count }, (_, index) => make(index));
  }
}
