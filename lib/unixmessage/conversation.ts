/**
 * A client's side of an exchange of messages with descriptors: it sends one, waits for the answer,
 * and gives up when its time is over. Source: skalibs, unixmessage_timed_receive.c,
 * unixmessage_sender_timed_flush.c.
 */
import { EAGAIN, ETIMEDOUT } from "../core/linux/errno.ts";
import { MAX_DELAY_MS } from "../core/time/longest_delay.ts";
import { monotonicMs } from "../libc/clock.ts";
import { poll, POLLIN, POLLOUT } from "../libc/fd.ts";
import { close } from "../libc/file.ts";
import type { Message } from "./core/frames.ts";
import { Inbox } from "./inbox.ts";
import { Outbox, type OutgoingMessage } from "./outbox.ts";

/** Waits until `fd` can be read or written. False if the time is over first. */
export function waitFor(fd: number, events: number, deadlineMs: number): boolean {
  for (;;) {
    const leftMs = Math.ceil(deadlineMs - monotonicMs());
    const limitMs = leftMs > MAX_DELAY_MS ? MAX_DELAY_MS : Math.max(leftMs, 0);
    if (poll([{ fd, events }], deadlineMs === Infinity ? -1 : limitMs)[0] !== 0) return true;
    if (monotonicMs() >= deadlineMs) return false;
  }
}

export class Conversation implements Disposable {
  readonly #socketFd: number;
  readonly #deadlineMs: number;
  readonly #inbox: Inbox;
  readonly #outbox = new Outbox();

  /**
   * @param socketFd A connected socket, which is the conversation's from now on.
   * @param deadlineMs By the monotonic clock; Infinity: never.
   * @param mostBytes The longest answer.
   */
  constructor(socketFd: number, deadlineMs: number, mostBytes: number) {
    this.#socketFd = socketFd;
    this.#deadlineMs = deadlineMs;
    this.#inbox = new Inbox(socketFd, mostBytes);
  }

  /** 0, or `-errno`: `-EPIPE` if the peer is gone, `-ETIMEDOUT`. */
  send(message: OutgoingMessage): number {
    this.#outbox.put(message);
    for (;;) {
      const result = this.#outbox.flush(this.#socketFd);
      if (result !== -EAGAIN) return result;
      if (!waitFor(this.#socketFd, POLLOUT, this.#deadlineMs)) return -ETIMEDOUT;
    }
  }

  /** The next message, or `-errno`: `-EPIPE` if the peer has ended instead, `-ETIMEDOUT`. */
  receive(): Message | number {
    for (;;) {
      const message = this.#inbox.next();
      if (message !== undefined) return message;
      const count = this.#inbox.fill();
      if (count >= 0) continue;
      if (count !== -EAGAIN) return count;
      if (!waitFor(this.#socketFd, POLLIN, this.#deadlineMs)) return -ETIMEDOUT;
    }
  }

  [Symbol.dispose](): void {
    this.#outbox[Symbol.dispose]();
    this.#inbox[Symbol.dispose]();
    close(this.#socketFd);
  }
}
