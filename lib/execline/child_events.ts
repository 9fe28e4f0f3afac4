/** Waiting for the deaths of children, for signals and for a time, without anything blocking. */
import { MAX_DELAY_MS } from "../core/time/longest_delay.ts";
import { SIGNALS } from "../core/linux/signals.ts";
import { ignore, isIgnored } from "../libc/disposition.ts";
import { type Death, waitAny } from "../libc/process.ts";

export type Happening =
  | { readonly kind: "death"; readonly death: Death }
  | { readonly kind: "signal"; readonly signal: number }
  | { readonly kind: "timeout" };

/** Signals that the runtime can't listen for, whatever the C library says. */
const OUT_OF_REACH: ReadonlySet<string> = new Set([
  "SIGKILL",
  "SIGSTOP",
  "SIGILL",
  "SIGFPE",
  "SIGSEGV",
  "SIGCHLD",
]);

/** Can `signal` be listened for? */
export function canListen(signal: number): boolean {
  return Object.entries(SIGNALS).some(([name, number]) =>
    number === signal && !OUT_OF_REACH.has(name)
  );
}

/** From its making to its disposal, signals are noted and not lost. */
export class ChildEvents implements Disposable {
  readonly #listeners: (readonly [name: Deno.Signal, listener: () => void])[] = [];
  readonly #signals: number[] = [];
  /**
   * Signals that were ignored before. With its first listener the runtime takes over some that
   * nobody listens for.
   */
  readonly #ignored = Object.values(SIGNALS).filter(isIgnored);
  #wake: () => void = () => {};

  /** @param signals To be told, besides deaths; all such that `canListen`. */
  constructor(signals: readonly number[]) {
    this.#listen("SIGCHLD", () => this.#wake());
    for (const [name, number] of Object.entries(SIGNALS)) {
      if (!signals.includes(number)) continue;
      this.#listen(name as Deno.Signal, () => {
        this.#signals.push(number);
        this.#wake();
      });
    }
    for (const signal of this.#ignored) {
      if (!signals.includes(signal) && signal !== SIGNALS.SIGCHLD) ignore(signal);
    }
  }

  /** The next thing that happens. Deaths are reaped, of whatever child. */
  async next(timeoutMs = Infinity): Promise<Happening> {
    const deadlineMs = performance.now() + timeoutMs;
    for (;;) {
      const signal = this.#signals.shift();
      if (signal !== undefined) return { kind: "signal", signal };
      const death = waitAny();
      if (death !== undefined) return { kind: "death", death };
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) return { kind: "timeout" };
      await this.#sleep(leftMs);
    }
  }

  [Symbol.dispose](): void {
    for (const [name, listener] of this.#listeners) Deno.removeSignalListener(name, listener);
    for (const signal of this.#ignored) ignore(signal);
  }

  #listen(name: Deno.Signal, listener: () => void): void {
    Deno.addSignalListener(name, listener);
    this.#listeners.push([name, listener]);
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = Number.isFinite(ms)
        ? setTimeout(resolve, Math.min(ms, MAX_DELAY_MS))
        : setInterval(() => {}, MAX_DELAY_MS);
      this.#wake = (): void => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
