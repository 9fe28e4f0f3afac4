/**
 * How often something took how long: counts by upper bounds that are the same for all, so that
 * they can be added up. Pure.
 */

/** Upper bounds in seconds; what took longer is counted in the last place. */
export const BOUNDS_SECONDS: readonly number[] = [
  0.001,
  0.0025,
  0.005,
  0.01,
  0.025,
  0.05,
  0.1,
  0.25,
  0.5,
  1,
  2.5,
  5,
  10,
  30,
  60,
];

export interface HistogramCounts {
  /** One more than there are bounds; each counts what is not in those before it. */
  readonly counts: readonly number[];
  readonly sumSeconds: number;
}

export class Histogram {
  readonly #counts: number[] = new Array(BOUNDS_SECONDS.length + 1).fill(0);
  #sumSeconds = 0;

  add(milliseconds: number): void {
    const seconds = Math.max(0, milliseconds) / 1000;
    const at = BOUNDS_SECONDS.findIndex((bound) => seconds <= bound);
    this.#counts[at < 0 ? BOUNDS_SECONDS.length : at]!++;
    this.#sumSeconds += seconds;
  }

  get taken(): HistogramCounts {
    return { counts: [...this.#counts], sumSeconds: this.#sumSeconds };
  }
}
