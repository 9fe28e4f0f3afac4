/**
 * Services whose supervisors can't be started: when to try again, and what to report. However many
 * there are, this costs little and prints few lines.
 *
 * - An individual reason (for example no permission): reported once, tried again after a second. If
 *   many fail, some of them are tried each second.
 * - A shared resource has run out (descriptors, memory): reported once. All services wait together,
 *   longer and longer, until there is room again.
 *
 * Pure.
 */
import { EAGAIN, EMFILE, ENFILE, ENOMEM } from "../../core/linux/errno.ts";
import type { Devino } from "./scandir.ts";

/** When to try again after an individual failure; so many services are tried at a time. */
const RETRY_MS = 1000;
const RETRIES_AT_ONCE = 32;
const LONGEST_RETRY_MS = 60_000;
/** The reasons of more services than this are not reported. */
const TOLD = 32;
const LONGEST_SHORTAGE_MS = 10_000;

const SHARED: readonly number[] = [EMFILE, ENFILE, ENOMEM, EAGAIN];

/** Whether a shared resource has run out. */
export function isShortage(errno: number | undefined): boolean {
  return errno !== undefined && SHARED.includes(errno);
}

export interface BeginFailure {
  /** The warning to print; undefined if it has already been printed. */
  readonly warning: string | undefined;
  /** The time until the next try. */
  readonly delayMs: number;
}

export class BeginFailures {
  readonly #reasons = new Map<Devino, string>();
  #hasToldMany = false;
  #shortage: { untilMs: number; delayMs: number } | undefined;

  /** It failed for an individual reason. */
  failed(devino: Devino, reason: string): BeginFailure {
    const isNew = this.#reasons.get(devino) !== reason;
    this.#reasons.set(devino, reason);
    const { size } = this.#reasons;
    const delayMs = Math.min(LONGEST_RETRY_MS, RETRY_MS * Math.ceil(size / RETRIES_AT_ONCE));
    return { warning: isNew ? this.#warning(reason, size) : undefined, delayMs };
  }

  #warning(reason: string, count: number): string | undefined {
    if (count <= TOLD) return `${reason} (trying again every second)`;
    if (this.#hasToldMany) return undefined;
    this.#hasToldMany = true;
    return `more than ${TOLD} services can't be supervised (telling no more of them, trying again; hexad check tells what is wrong)`;
  }

  /** It has started, or is no longer wanted. */
  forget(devino: Devino): void {
    this.#reasons.delete(devino);
    if (this.#reasons.size === 0) this.#hasToldMany = false;
  }

  /**
   * There is no room for it. It is due again together with all the others.
   *
   * @param countOthers Returns how many others wait
   * @returns the warning to print; undefined if it has already been printed
   */
  ranOut(reason: string, countOthers: () => number, nowMs: number): string | undefined {
    const isNew = this.#shortage === undefined;
    const isHeld = this.isHeld(nowMs); // set by another one of the same batch
    const before = this.#shortage?.delayMs ?? 0;
    const delayMs = isHeld ? before : Math.min(LONGEST_SHORTAGE_MS, Math.max(RETRY_MS, before * 2));
    this.#shortage = { delayMs, untilMs: nowMs + delayMs };
    if (!isNew) return undefined;
    const others = countOthers();
    const who = others === 0
      ? ""
      : `${others} more ${others === 1 ? "service waits" : "services wait"}; `;
    return `${reason} (${who}trying again within ${LONGEST_SHORTAGE_MS / 1000} seconds)`;
  }

  /** Whether all are waiting because there was no room. */
  isHeld(nowMs: number): boolean {
    return this.#shortage !== undefined && nowMs < this.#shortage.untilMs;
  }

  /** When the common wait ends; `undefined`: nothing has to wait. */
  get heldUntilMs(): number | undefined {
    return this.#shortage?.untilMs;
  }

  /** Something has been released, or the user wants another try: tries at once. */
  roomMade(nowMs: number): void {
    if (this.#shortage !== undefined) this.#shortage = { untilMs: nowMs, delayMs: 0 };
  }

  /** No service that is due has to wait any more. */
  shortageOver(): void {
    this.#shortage = undefined;
  }
}
