/** Sleeping, with nothing else to do meanwhile. */
import { monotonicMs } from "./clock.ts";
import { poll } from "./fd.ts";

/** The longest that poll(2) waits at a time. */
const MAX_TIMEOUT_MS = 0x7fffffff;

/** Blocks for `durationMs`; signals that don't end the process make it neither shorter nor longer. */
export function sleepFor(durationMs: number): void {
  const deadline = monotonicMs() + durationMs;
  for (let left = durationMs; left > 0; left = deadline - monotonicMs()) {
    poll([], Math.min(Math.ceil(left), MAX_TIMEOUT_MS));
  }
}
