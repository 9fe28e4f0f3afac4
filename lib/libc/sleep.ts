/**
 * Sleeping, with nothing else to do meanwhile.
 *
 * Waiting for a signal that ends the process. Source: pause(2).
 */
import { MAX_DELAY_MS } from "../core/time/longest_delay.ts";
import { bindLibrary } from "./bind.ts";
import { monotonicMs } from "./clock.ts";
import { poll } from "./fd.ts";

/**
 * Blocks for `durationMs`; signals that don't end the process make it neither shorter nor longer.
 */
export function sleepFor(durationMs: number): void {
  const deadline = monotonicMs() + durationMs;
  for (let left = durationMs; left > 0; left = deadline - monotonicMs()) {
    poll([], Math.min(Math.ceil(left), MAX_DELAY_MS));
  }
}

const libc = bindLibrary({
  pause: { parameters: [], result: "i32" },
});

/** Blocks; returns only after a signal that somebody handles. */
export function pause(): void {
  libc.pause();
}
