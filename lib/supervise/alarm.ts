/** The single timer of a supervisor, on the monotonic clock. */
import { MAX_DELAY_MS } from "../core/time/longest_delay.ts";
import { monotonicMs } from "../libc/clock.ts";

export class Alarm {
  readonly #onTime: () => void;
  #deadlineMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /**
   * Counts the calls of `set`, so that a callback can tell whether its call is still the latest.
   */
  #id = 0;

  constructor(onTime: () => void) {
    this.#onTime = onTime;
  }

  /** Calls back at that moment; replaces what was set before. `undefined`: not at all. */
  set(atMs: number | undefined): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#id++;
    if (atMs === undefined) return;
    this.#deadlineMs = atMs;
    this.#arm();
  }

  #arm(): void {
    const delayMs = Math.ceil(this.#deadlineMs - monotonicMs());
    if (delayMs <= 0) return this.#armNow();
    const id = this.#id;
    this.#timer = setTimeout(() => {
      // the runtime still calls a timer that an event of the same turn has cleared
      if (this.#id !== id) return;
      this.#timer = undefined;
      if (monotonicMs() < this.#deadlineMs) this.#arm();
      else this.#onTime();
    }, Math.min(delayMs, MAX_DELAY_MS));
  }

  /**
   * If it is already due, it fires right after the current event. A timer of the runtime would take
   * a millisecond.
   */
  #armNow(): void {
    const id = this.#id;
    queueMicrotask(() => {
      if (this.#id === id) this.#onTime();
    });
  }
}
