/**
 * What listens to the tree, as long as somebody follows it: nothing is subscribed to, and nothing
 * waits, while nobody does.
 */
import { EventHub } from "../fifodir/hub.ts";

/** Somebody who needs the hub. Disposing of it gives it back. */
export interface HubUse extends Disposable {
  readonly hub: EventHub;
}

interface Running {
  readonly hub: EventHub;
  /** Each is told if the hub has failed. */
  readonly users: Set<() => void>;
}

export class LiveHub {
  readonly #onMishap: (error: unknown) => void;
  #running: Running | undefined;

  constructor(onMishap: (error: unknown) => void) {
    this.#onMishap = onMishap;
  }

  /**
   * @param onFailure Called if the hub has failed, and is of no use any more
   * @throws {SyscallError} If there is no descriptor left.
   */
  use(onFailure: () => void): HubUse {
    const running = this.#running ??= this.#begin();
    const user = (): void => onFailure();
    running.users.add(user);
    return {
      hub: running.hub,
      [Symbol.dispose]: () => {
        if (!running.users.delete(user) || running.users.size > 0) return;
        if (this.#running === running) this.#running = undefined;
        running.hub.stop();
      },
    };
  }

  #begin(): Running {
    const hub = new EventHub();
    const running: Running = { hub, users: new Set() };
    hub.run().catch((error) => {
      if (this.#running === running) this.#running = undefined;
      this.#onMishap(error);
      for (const user of [...running.users]) user();
    }).finally(() => hub[Symbol.dispose]());
    return running;
  }
}
