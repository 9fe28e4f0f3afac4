/** The one timer of a supervisor, for a moment of the monotonic clock. */
import { MAX_DELAY_MS } from "../core/time/longest_delay.ts";
import { monotonicMs } from "../libc/clock.ts";

export class Alarm {
  readonly #onTime: () => void;
  #deadlineMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /**
   * Counts the calls of `set`, so that what one of them arranged can tell whether it still counts.
   */
  #id = 0;

  constructor(onTime: () => void) {
    this.#onTime = onTime;
  }

  /** Calls back at that moment; replaces what was set before. `undefined`: not at all. */
  set(atMs: number | undefined): void {
    clearTimeout(this.#timer);
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
      // the runtime calls a timer that an event of the same go has cleared
      if (this.#id !== id) return;
      this.#timer = undefined;
      if (monotonicMs() < this.#deadlineMs) this.#arm();
      else this.#onTime();
    }, Math.min(delayMs, MAX_DELAY_MS));
  }

  /**
   * What is due already happens as soon as the current event is done with; a timer of the runtime
   * would take a millisecond.
   */
  #armNow(): void {
    const id = this.#id;
    queueMicrotask(() => {
      if (this.#id === id) this.#onTime();
    });
  }
}
