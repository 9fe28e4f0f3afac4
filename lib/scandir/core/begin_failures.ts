/**
 * Services whose supervisors can't be begun: when it is tried again, and what is said. However many
 * they are, that costs little and is said in few lines.
 *
 * - A reason of its own (no permission, say): said once, tried again after a second. Where many
 *   fail, some of them are tried each second.
 * - What all share has run out (descriptors, memory): said once, and all wait together, longer
 *   and longer, until there is room again.
 *
 * Pure.
 */
import { EAGAIN, EMFILE, ENFILE, ENOMEM } from "../../core/linux/errno.ts";
import type { Devino } from "./scandir.ts";

/** Who fails for a reason of its own is tried again so soon; as many as are tried at a time. */
const RETRY_MS = 1000;
const RETRIES_AT_ONCE = 32;
const LONGEST_RETRY_MS = 60_000;
/** Of more than so many the reasons are not told. */
const TOLD = 32;
const LONGEST_SHORTAGE_MS = 10_000;

const SHARED: readonly number[] = [EMFILE, ENFILE, ENOMEM, EAGAIN];

/** Is it a lack of what all share? */
export function isShortage(errno: number | undefined): boolean {
  return errno !== undefined && SHARED.includes(errno);
}

export interface BeginFailure {
  /** What is to be said; nothing, if it has been. */
  readonly warning: string | undefined;
  /** It is tried again after so many milliseconds. */
  readonly delayMs: number;
}

export class BeginFailures {
  readonly #reasons = new Map<Devino, string>();
  #hasToldMany = false;
  #shortage: { untilMs: number; delayMs: number } | undefined;

  /** It failed for a reason of its own. */
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

  /** It has been begun, or nobody wants it any more. */
  forget(devino: Devino): void {
    this.#reasons.delete(devino);
    if (this.#reasons.size === 0) this.#hasToldMany = false;
  }

  /**
   * There is no room for it. It is due again when all are.
   *
   * @param countOthers How many wait besides it.
   * @returns what is to be said; nothing, if it has been
   */
  ranOut(reason: string, countOthers: () => number, nowMs: number): string | undefined {
    const isNew = this.#shortage === undefined;
    const isHeld = this.isHeld(nowMs); // another one of the same go
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

  /** Do all wait, since there was no room? */
  isHeld(nowMs: number): boolean {
    return this.#shortage !== undefined && nowMs < this.#shortage.untilMs;
  }

  /** The moment until which all wait; `undefined`: nobody has to. */
  get heldUntilMs(): number | undefined {
    return this.#shortage?.untilMs;
  }

  /** Somebody has given something back, or the user wants it tried: that is done at once. */
  roomMade(nowMs: number): void {
    if (this.#shortage !== undefined) this.#shortage = { untilMs: nowMs, delayMs: 0 };
  }

  /** Nobody who is due waits any more. */
  shortageOver(): void {
    this.#shortage = undefined;
  }
}
