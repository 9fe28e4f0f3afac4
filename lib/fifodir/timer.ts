/**
 * One timer. The runtime's own take at most 2^31-1 milliseconds and fire at once for more; the timeouts of s6 go up to 2^32-1.
 */
const MAX_DELAY_MS = 0x7fffffff;

/** Calls `onTime` once, `delayMs` from now, unless it is disposed of before. */
export function startTimer(delayMs: number, onTime: () => void): Disposable {
  let id: ReturnType<typeof setTimeout>;
  const arm = (leftMs: number): void => {
    const stepMs = Math.min(leftMs, MAX_DELAY_MS);
    id = setTimeout(() => leftMs > stepMs ? arm(leftMs - stepMs) : onTime(), stepMs);
  };
  arm(delayMs);
  return { [Symbol.dispose]: () => clearTimeout(id) };
}
