/**
 * Does something grow? What a soak measures every second, judged at its end. Pure.
 *
 * The rule. The first quarter of a run, and at least WARM_UP_SECONDS, is warm-up: compiled code,
 * buffers and pools get their usual size. What follows is cut into windows of WINDOW samples, and
 * of each the least value counts, since garbage that waits for its collection is no growth. The
 * slope is the median of the slopes between all pairs of windows (Theil and Sen), which a single
 * event does not move. Slope times the time observed is the growth, and has a limit.
 */

/** One process, or several of one kind together, at one moment. */
export interface Sample {
  readonly atSeconds: number;
  /** The proportional set size: of a page that others have too, a share. */
  readonly pssBytes: number;
  /** Its heap and stacks. */
  readonly ownBytes: number;
  readonly descriptors: number;
  readonly threads: number;
  /** Of one core, since the sample before. */
  readonly cpuShare: number;
}

export type Quantity = Exclude<keyof Sample, "atSeconds">;

export interface Verdict {
  readonly what: string;
  readonly quantity: Quantity;
  readonly median: number;
  /** Over the time observed. */
  readonly growth: number;
  readonly limit: number;
  readonly grows: boolean;
}

export const WARM_UP_SECONDS = 60;
export const WINDOW = 10;

/**
 * What a quantity with that median may grow by: the budget of memory; less than a descriptor;
 * threads that the runtime keeps for a while and lets go; a quarter of the processor time.
 */
const LIMITS: Readonly<Record<Quantity, (median: number) => number>> = {
  pssBytes: () => 5e6,
  ownBytes: () => 5e6,
  descriptors: () => 0.9,
  threads: () => 5,
  cpuShare: (median) => 0.02 + median / 4,
};

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

type Point = readonly [x: number, y: number];

/** The median of the slopes between all pairs of points; 0 if there are fewer than two. */
export function robustSlope(points: readonly Point[]): number {
  const slopes: number[] = [];
  for (const [i, [x, y]] of points.entries()) {
    for (const [laterX, laterY] of points.slice(i + 1)) slopes.push((laterY - y) / (laterX - x));
  }
  return slopes.length === 0 ? 0 : median(slopes);
}

function afterWarmUp(samples: readonly Sample[]): readonly Sample[] {
  const first = samples[0]!.atSeconds;
  const from = first + Math.max(WARM_UP_SECONDS, (samples.at(-1)!.atSeconds - first) / 4);
  return samples.filter(({ atSeconds }) => atSeconds >= from);
}

/** Of processor time the middle of a window counts, of what is held the least. */
function pointsOf(samples: readonly Sample[], quantity: Quantity): Point[] {
  const points: Point[] = [];
  for (let at = 0; at + WINDOW <= samples.length; at += WINDOW) {
    const window = samples.slice(at, at + WINDOW);
    const values = window.map((sample) => sample[quantity]);
    points.push([
      window[0]!.atSeconds,
      quantity === "cpuShare" ? median(values) : Math.min(...values),
    ]);
  }
  return points;
}

/**
 * What is to be said of one kind of process.
 *
 * @throws {RangeError} If the run was too short for two windows after the warm-up.
 */
export function judge(what: string, samples: readonly Sample[]): Verdict[] {
  const observed = samples.length === 0 ? [] : afterWarmUp(samples);
  if (observed.length < 2 * WINDOW) {
    throw new RangeError(
      `${what}: ${observed.length} samples after the warm-up are too few to tell growth`,
    );
  }
  const seconds = observed.at(-1)!.atSeconds - observed[0]!.atSeconds;
  return (Object.keys(LIMITS) as Quantity[]).map((quantity) => {
    const middle = median(observed.map((sample) => sample[quantity]));
    const growth = robustSlope(pointsOf(observed, quantity)) * seconds;
    const limit = LIMITS[quantity](middle);
    return { what, quantity, median: middle, growth, limit, grows: growth > limit };
  });
}
