/**
 * Steps on a log directory, any of which may fail. A failure is reported, and the step tried again
 * after the script's delay, as often as it takes.
 */
import { ENOENT } from "../core/linux/errno.ts";
import { SyscallError } from "../libc/bind.ts";
import type { Mishaps } from "../mishap/mishaps.ts";
import type { LogdirSettings } from "./core/log_control.ts";
import type { LogdirPort } from "./port.ts";

/** What a step has failed with. `message`: nothing, if it has been told already. */
export interface StepFailure {
  readonly message: string;
  readonly errno: number;
}

/** Of what was thrown that no system call has failed with. */
const UNEXPECTED: StepFailure = { message: "", errno: 0 };

export class Tries {
  readonly #port: Pick<LogdirPort, "later" | "warn" | "claim">;
  readonly #settings: Pick<LogdirSettings, "path" | "retryMs">;
  readonly #mishaps: Mishaps;
  readonly #isAbandoned: () => boolean;
  /** How many steps have failed. */
  failures = 0;

  /** @param isAbandoned Whether nothing is to be done any more, not even what has been begun. */
  constructor(
    port: LogdirPort,
    settings: LogdirSettings,
    mishaps: Mishaps,
    isAbandoned: () => boolean,
  ) {
    this.#port = port;
    this.#settings = settings;
    this.#mishaps = mishaps;
    this.#isAbandoned = isAbandoned;
  }

  /** After the time between two tries, whatever is thrown when that is arranged. */
  later(callback: () => void): void {
    const arrange = (): void => void this.#port.later(this.#settings.retryMs, callback);
    if (!this.#mishaps.survives(arrange) && !this.#mishaps.survives(arrange)) {
      setTimeout(callback, this.#settings.retryMs);
    }
  }

  /** Does it as often as needed. What is begun here does not go on after the end. */
  async insist<T>(attempt: () => T): Promise<T> {
    for (;;) {
      if (this.#isAbandoned()) return await new Promise<never>(() => {});
      const result = this.attempt(attempt);
      if (result.ok) return result.value;
      if (result.error.errno === ENOENT) this.try(() => this.#port.claim());
      await this.pause(result.error.message);
    }
  }

  /**
   * The result of something that goes on beside the writing. If it throws later, that is reported,
   * and the result is that of `otherwise`.
   */
  async resultOf<T>(begin: () => Promise<T>, otherwise: (error: unknown) => T): Promise<T> {
    try {
      return await this.insist(begin);
    } catch (error) {
      this.#mishaps.tell(error);
      return otherwise(error);
    }
  }

  attempt<T>(attempt: () => T): { ok: true; value: T } | { ok: false; error: StepFailure } {
    try {
      return { ok: true, value: attempt() };
    } catch (error) {
      if (error instanceof SyscallError) return { ok: false, error };
      this.#mishaps.tell(error);
      return { ok: false, error: UNEXPECTED };
    }
  }

  try<T>(attempt: () => T): T | undefined {
    const result = this.attempt(attempt);
    if (result.ok) return result.value;
    this.warn(result.error.message);
    return undefined;
  }

  warn(text: string): void {
    this.failures++;
    if (text === "") return;
    this.#mishaps.survives(() =>
      this.#port.warn(
        `${text} in ${this.#settings.path} (trying again in ${this.#settings.retryMs} ms)`,
      )
    );
  }

  pause(reason: string): Promise<void> {
    // its descriptors were closed under what has failed
    if (this.#isAbandoned()) return new Promise<never>(() => {});
    this.warn(reason);
    return new Promise((resolve) => this.later(resolve));
  }
}
