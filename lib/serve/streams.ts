/** The answers that go on: how many there may be, and those that are cut off. */
import { monotonicMs } from "../libc/clock.ts";
import { Problem } from "./core/problem.ts";
import { Outlet, type OutletOptions } from "./outlet.ts";

export const MAX_STREAMS = 256;
const LOOK_MS = 5000;

export class Streams {
  readonly #open = new Map<Outlet, () => void>();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** @throws {Problem} 503 if there are too many. */
  open(options: OutletOptions, cutOff: () => void): Outlet {
    if (this.#open.size >= MAX_STREAMS) {
      throw new Problem(503, `${MAX_STREAMS} clients follow something already`, {
        "retry-after": "10",
      });
    }
    const outlet: Outlet = new Outlet({
      ...options,
      onOver: () => {
        this.#open.delete(outlet);
        if (this.#open.size === 0) this.#rest();
        options.onOver();
      },
    });
    this.#open.set(outlet, cutOff);
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS);
    return outlet;
  }

  #look(): void {
    const nowMs = monotonicMs();
    for (const [outlet, cutOff] of [...this.#open]) {
      if (outlet.look(nowMs)) cutOff();
    }
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
