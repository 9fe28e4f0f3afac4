/**
 * Starts the supervisors of services that have none. It works in batches, so that other events are
 * handled in between, and tries again after failures.
 */
import { SyscallError } from "../libc/bind.ts";
import { mishapText } from "../mishap/core/mishap_text.ts";
import type { Mishaps } from "../mishap/mishaps.ts";
import { UnsuitableError } from "../supervise/control.ts";
import type { HeldService } from "./core/handover.ts";
import { BeginFailures, isShortage } from "./core/begin_failures.ts";
import type { HeldSupervisor } from "../supervise/core/held_supervisor.ts";
import type { Pipes } from "./pipes.ts";
import type { ScandirPort } from "./port.ts";
import { earliestBegin, type Service } from "./service.ts";

const BEGIN_INTERVAL_MS = 1000;
const BEGIN_BATCH = 32;

export interface BeginnerOptions {
  /** Keyed by devino. */
  readonly services: ReadonlyMap<string, Service>;
  /** The output of services without a logger goes to our standard output with their names. */
  readonly namesOutput: boolean;
  readonly mishaps: Mishaps;
  /** Whether a scan is under way, so that there may be services that are not known yet. */
  isLooking(): boolean;
  onEnd(service: Service, essentialCode: number | undefined): void;
  onEssentialEnd(name: string, code: number): void;
}

export class Beginner {
  readonly #port: ScandirPort;
  readonly #pipes: Pipes;
  readonly #options: BeginnerOptions;
  readonly #failures = new BeginFailures();
  #settled = false;

  constructor(port: ScandirPort, pipes: Pipes, options: BeginnerOptions) {
    this.#port = port;
    this.#pipes = pipes;
    this.#options = options;
  }

  /** When the next supervisor is due to start; Infinity if none is. */
  get nextMs(): number {
    return Math.max(
      earliestBegin(this.#options.services.values()),
      this.#failures.heldUntilMs ?? 0,
    );
  }

  /** Starts some of the supervisors that are due. */
  beginDue(now: number): void {
    if (this.#failures.isHeld(now)) return this.#settle();
    let left = BEGIN_BATCH;
    for (const service of this.#options.services.values()) {
      if (service.supervisor !== undefined || !service.active || service.nextBeginMs > now) {
        continue;
      }
      if (left-- === 0) return;
      this.begin(service, now);
    }
    if (!this.#failures.isHeld(now)) this.#failures.shortageOver();
    this.#settle();
  }

  /** Called when the initial starts are done. */
  #settle(): void {
    if (this.#settled || this.#options.isLooking()) return;
    this.#settled = true;
    this.#port.settle();
  }

  /** @param held Where an earlier program in this process was with it */
  begin(service: Service, now: number, held?: HeldSupervisor): void {
    if (!this.#givePipe(service, now)) return;
    service.nextBeginMs = now + BEGIN_INTERVAL_MS;
    service.ending = false;
    try {
      service.supervisor = this.#port.supervise({
        name: service.name,
        devino: service.devino,
        stdio: service,
        ...(held === undefined ? {} : { held }),
        onEnd: (essentialCode) => this.#options.onEnd(service, essentialCode),
        onEssentialEnd: (code) => this.#options.onEssentialEnd(service.name, code),
      });
      this.#failures.forget(service.devino);
    } catch (error) {
      this.#failed(
        service,
        error,
        (message) => `unable to supervise ${service.name}: ${message}`,
        now,
      );
    }
  }

  /** Goes on with the services that an earlier program in this process had. */
  goOn(services: readonly (readonly [Service, HeldService])[], now: number): void {
    for (const [service, held] of services) service.goOn(held);
    for (const [service, held] of services) {
      const { supervisor } = held;
      if (supervisor === undefined) continue;
      this.#options.mishaps.survives(() => this.begin(service, now, supervisor));
      if (service.supervisor !== undefined) service.goOn(held); // it has not begun just now
    }
  }

  /**
   * Gives a service its end of a pipe, if it needs one and does not have it yet. Returns whether
   * all is well.
   */
  #givePipe(service: Service, now: number): boolean {
    const { services, namesOutput } = this.#options;
    const peer = service.peer === undefined ? undefined : services.get(service.peer);
    try {
      if (peer !== undefined) {
        this.#pipes.connect(service.isLogger ? service : peer, service.isLogger ? peer : service);
      } else if (namesOutput) this.#pipes.nameOutput(service);
      return true;
    } catch (error) {
      this.#failed(service, error, (message) => `${message} for ${service.name}`, now);
      if (peer !== undefined) peer.nextBeginMs = Math.max(peer.nextBeginMs, service.nextBeginMs);
      return false;
    }
  }

  /** @param what Turns the message of an expected error into a warning */
  #failed(service: Service, error: unknown, what: (message: string) => string, now: number): void {
    const expected = error instanceof SyscallError || error instanceof UnsuitableError;
    const text = expected ? what(error.message) : `${mishapText(error)}, about ${service.name}`;
    if (error instanceof SyscallError && isShortage(error.errno)) {
      service.nextBeginMs = now;
      return this.#say(this.#failures.ranOut(text, () => this.#waitingCount - 1, now));
    }
    const { warning, delayMs } = this.#failures.failed(service.devino, text);
    service.nextBeginMs = now + delayMs;
    this.#say(warning);
  }

  #say(warning: string | undefined): void {
    if (warning !== undefined) this.#options.mishaps.survives(() => this.#port.warn(warning));
  }

  get #waitingCount(): number {
    let count = 0;
    for (const { supervisor, active } of this.#options.services.values()) {
      if (supervisor === undefined && active) count++;
    }
    return count;
  }

  /**
   * Descriptors have been released, or the user wants another try: services that wait for some are
   * due.
   */
  roomMade(now: number): void {
    this.#failures.roomMade(now);
  }

  /** The service is no longer wanted. */
  forget(service: Service): void {
    this.#failures.forget(service.devino);
  }
}
