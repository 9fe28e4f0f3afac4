/** Messages with descriptors that wait to be written. Source: skalibs, unixmessage_sender_flush.c. */
import { EAGAIN, EINTR } from "../core/linux/errno.ts";
import { dupAbove } from "../libc/fd.ts";
import { close } from "../libc/file.ts";
import { sendPassing } from "../libc/socket/passing.ts";
import { frameOf, type Message } from "./core/frames.ts";

/** A message, and whether its descriptors are closed as soon as they are sent. */
export interface OutgoingMessage extends Message {
  readonly closesFds?: boolean;
}

interface Pending {
  message: OutgoingMessage;
  /** What is left of its bytes. */
  rest: Uint8Array<ArrayBuffer>;
  isBegun: boolean;
}

export class Outbox implements Disposable {
  readonly #pending: Pending[] = [];

  get isEmpty(): boolean {
    return this.#pending.length === 0;
  }

  put(message: OutgoingMessage): void {
    this.#pending.push({ message, rest: frameOf(message), isBegun: false });
  }

  /**
   * Writes as much as there is room for. 0, or `-errno`. `-EAGAIN`: the rest waits for room, with
   * copies of its descriptors, so that their owner may close these.
   */
  flush(socketFd: number): number {
    const result = this.#write(socketFd);
    return result === -EAGAIN ? this.#copyFds() : result;
  }

  #write(socketFd: number): number {
    for (let first = this.#pending[0]; first !== undefined; first = this.#pending[0]) {
      const { message, isBegun } = first;
      const count = sendPassing(socketFd, first.rest, isBegun ? [] : message.fds);
      if (count === -EINTR) continue;
      if (count <= 0) return count === 0 ? -EAGAIN : count;
      if (!isBegun) letGo(message);
      first.isBegun = true;
      first.rest = first.rest.subarray(count);
      if (first.rest.length === 0) this.#pending.shift();
    }
    return 0;
  }

  /** `-EAGAIN`, or the error that makes it impossible. */
  #copyFds(): number {
    for (const pending of this.#pending) {
      const { message, isBegun } = pending;
      if (isBegun || message.closesFds === true) continue;
      const fds = message.fds.map((fd) => dupAbove(fd, 0));
      pending.message = { ...message, fds: fds.filter((fd) => fd >= 0), closesFds: true };
      const error = fds.find((fd) => fd < 0);
      if (error !== undefined) return error;
    }
    return -EAGAIN;
  }

  /** What was not sent is dropped. */
  [Symbol.dispose](): void {
    for (const { message, isBegun } of this.#pending) if (!isBegun) letGo(message);
    this.#pending.length = 0;
  }
}

function letGo({ fds, closesFds }: OutgoingMessage): void {
  if (closesFds === true) fds.forEach(close);
}
