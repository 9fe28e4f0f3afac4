/**
 * One timer. The runtime's own take at most 2^31-1 milliseconds and fire at once for more; the
 * timeouts of s6 go up to 2^32-1.
 */
import { MAX_DELAY_MS } from "../core/time/longest_delay.ts";

/**
 * Calls `onTime` once, `delayMs` from now, unless it is disposed of before. That is looked at again
 * when it runs out: the runtime hands out what is due in one go, and calls a timer that an event of
 * the same go has cleared.
 */
export function startTimer(delayMs: number, onTime: () => void): Disposable {
  let id: ReturnType<typeof setTimeout>;
  let isDisposed = false;
  const arm = (leftMs: number): void => {
    const stepMs = Math.min(leftMs, MAX_DELAY_MS);
    id = setTimeout(() => {
      if (isDisposed) return;
      if (leftMs > stepMs) arm(leftMs - stepMs);
      else onTime();
    }, stepMs);
  };
  arm(delayMs);
  return {
    [Symbol.dispose]: () => {
      isDisposed = true;
      clearTimeout(id);
    },
  };
}
