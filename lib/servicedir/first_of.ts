/** Waiting for the first of several things, but not for ever. */
import { startTimer } from "../fifodir/timer.ts";

/** What a wait ends with when its time is up. */
export const TIME_UP = Symbol("time is up");

/**
 * The result of the first of `promises` that settles, or TIME_UP after `timeoutMs`; `Infinity` is
 * no limit.
 */
export async function firstOf<T>(
  promises: readonly Promise<T>[],
  timeoutMs: number,
): Promise<T | typeof TIME_UP> {
  if (timeoutMs === Infinity) return await Promise.race(promises);
  const { promise, resolve } = Promise.withResolvers<typeof TIME_UP>();
  using _timer = startTimer(Math.max(0, timeoutMs), () => resolve(TIME_UP));
  return await Promise.race([...promises, promise]);
}
