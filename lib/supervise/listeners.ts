/**
 * The listeners to whom a supervisor sends the events of one service. If there are very many, it
 * works in portions, so that nothing else has to wait.
 */
import { EVENT_DIRECTORY } from "../servicedir/core/supervise_files.ts";
import { Delivery, MAX_ENTRIES } from "../fifodir/notify.ts";
import { SyscallError } from "../libc/bind.ts";
import { monotonicMs } from "../libc/clock.ts";
import type { Portions } from "../libc/portions.ts";
import { changeMs } from "../libc/stat.ts";
import { AT_REST_MS, Unchanged } from "./unchanged.ts";

export class Listeners {
  readonly #portions: Portions;
  readonly #warn: (text: string) => void;
  readonly #onMishap: (error: unknown) => void;
  /** Events that some listeners have not received yet. */
  #delivery: Delivery | undefined;
  #hasToldTooMany = false;
  /** Nobody listens. */
  #silence: Unchanged<true> | undefined;
  readonly #begunMs = monotonicMs();

  constructor(
    portions: Portions,
    { warn, onMishap }: { warn(text: string): void; onMishap(error: unknown): void },
  ) {
    this.#portions = portions;
    this.#warn = warn;
    this.#onMishap = onMishap;
  }

  /**
   * The process must be in the service directory. @throws {SyscallError} If the fifodir can't be
   * read.
   */
  tell(events: string): void {
    if (this.#delivery !== undefined) return this.#delivery.add(events);
    const changedMs = this.#changeOfRested();
    if (changedMs !== undefined && this.#silence?.since(changedMs)) return;
    const delivery = new Delivery(EVENT_DIRECTORY, events);
    if (!delivery.next()) {
      if (changedMs !== undefined && !delivery.hasListeners) {
        (this.#silence ??= new Unchanged()).found(changedMs, true);
      }
      return;
    }
    this.#delivery = delivery;
    this.#portions.add(delivery, () => this.#goOn(delivery));
  }

  /**
   * The ctime of the fifodir; undefined, without a look at it, if that may have been made only now.
   */
  #changeOfRested(): number | undefined {
    return monotonicMs() - this.#begunMs < AT_REST_MS ? undefined : changeMs(EVENT_DIRECTORY);
  }

  #goOn(delivery: Delivery): boolean {
    const isLeft = this.#tellSome(delivery);
    if (!isLeft) this.#delivery = undefined;
    if (!delivery.tooMany || this.#hasToldTooMany) return isLeft;
    this.#hasToldTooMany = true;
    this.#warn(
      `more than ${MAX_ENTRIES} entries in ${EVENT_DIRECTORY}: no others are told of events (remove what nobody listens to)`,
    );
    return isLeft;
  }

  #tellSome(delivery: Delivery): boolean {
    try {
      return delivery.next();
    } catch (error) {
      if (error instanceof SyscallError) this.#warn(error.message);
      else this.#onMishap(error);
      return false;
    }
  }

  /**
   * The supervisor ends, and perhaps the process too: sends the last events now to listeners that
   * have not received them.
   */
  finish(): void {
    const delivery = this.#delivery;
    if (delivery === undefined) return;
    this.#portions.drop(delivery);
    while (this.#goOn(delivery));
  }
}
