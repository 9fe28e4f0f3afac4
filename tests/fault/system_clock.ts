/**
 * The machine's own clock, set to another time for a moment and back to what it would have been.
 */

const CLOCK_REALTIME = 0;
const CLOCK_MONOTONIC = 1;
const NANO = 1_000_000_000n;

interface Clock {
  readonly get: (clock: number) => bigint;
  /** @returns 0, or -1 if it is not permitted */
  readonly set: (nanoseconds: bigint) => number;
}

function openClock(): Clock {
  const libc = Deno.dlopen("libc.so.6", {
    clock_gettime: { parameters: ["i32", "buffer"], result: "i32" },
    clock_settime: { parameters: ["i32", "buffer"], result: "i32" },
  }).symbols;
  const time = new BigInt64Array(2); // struct timespec
  return {
    get: (clock) => {
      libc.clock_gettime(clock, time);
      return time[0]! * NANO + time[1]!;
    },
    set: (nanoseconds) => {
      time[0] = nanoseconds / NANO;
      time[1] = nanoseconds % NANO;
      return libc.clock_settime(CLOCK_REALTIME, time);
    },
  };
}

/** Why the clock can't be set here, or undefined. Sets it to what it shows. */
export function clockRefusal(): string | undefined {
  const clock = openClock();
  return clock.set(clock.get(CLOCK_REALTIME)) === 0
    ? undefined
    : "the clock can't be set here: Operation not permitted";
}

/**
 * Leaving the scope sets the clock to where it would be if nobody had set it: the monotonic clock
 * tells how long that was.
 */
export class SystemClock implements Disposable {
  readonly #clock = openClock();
  readonly #offset = this.#clock.get(CLOCK_REALTIME) - this.#clock.get(CLOCK_MONOTONIC);

  /** Sets the clock so many seconds ahead of the right time, or behind it. */
  shift(seconds: number): void {
    const now = this.#clock.get(CLOCK_MONOTONIC) + this.#offset + BigInt(seconds) * NANO;
    if (this.#clock.set(now) !== 0) throw new Error("unable to set the clock");
  }

  [Symbol.dispose](): void {
    this.shift(0);
  }
}
