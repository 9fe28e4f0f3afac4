/** Medians, spreads and ratios of repeated measurements. Pure. */

export interface Summary {
  readonly count: number;
  readonly median: number;
  /** Between these lies the middle half of the samples. */
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
}

/** The value at fraction `at` (0..1) of the sorted samples, between neighbours in proportion. */
export function quantile(samples: readonly number[], at: number): number {
  if (samples.length === 0) throw new RangeError("no samples");
  const sorted = samples.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * at;
  const below = sorted[Math.floor(place)]!;
  const above = sorted[Math.ceil(place)]!;
  return below + (above - below) * (place - Math.floor(place));
}

export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

/** @throws {RangeError} If there are no samples. */
export function summarize(samples: readonly number[]): Summary {
  return {
    count: samples.length,
    median: median(samples),
    lowerQuartile: quantile(samples, 0.25),
    upperQuartile: quantile(samples, 0.75),
  };
}

/**
 * Ratios of measurements that were taken in pairs, round by round: what else the machine did in a
 * round hit both of the pair. The two must have as many samples, in the order of the rounds.
 */
export function pairedRatios(samples: readonly number[], against: readonly number[]): Summary {
  if (samples.length !== against.length) throw new RangeError("not in pairs");
  return summarize(samples.map((sample, round) => sample / against[round]!));
}
