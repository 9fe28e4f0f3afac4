/** One client of a holder: its messages, its rights, and how far it is. */
import { EAGAIN } from "../core/linux/errno.ts";
import { close } from "../libc/file.ts";
import { Inbox } from "../unixmessage/inbox.ts";
import { Outbox } from "../unixmessage/outbox.ts";
import type { ClientRights } from "./client_rights.ts";
import { MOST_REQUEST_BYTES, parseRequest } from "./core/protocol.ts";
import type { Store } from "./core/store.ts";

export class Connection implements Disposable {
  readonly fd: number;
  readonly #rights: ClientRights;
  readonly #inbox: Inbox;
  readonly #outbox = new Outbox();
  #dumping = 0;
  #hasAsked = false;

  constructor(fd: number, rights: ClientRights) {
    this.fd = fd;
    this.#rights = rights;
    this.#inbox = new Inbox(fd, MOST_REQUEST_BYTES);
  }

  /** Has it answers to read, before which it is not listened to? */
  get isBehind(): boolean {
    return !this.#outbox.isEmpty;
  }

  /** Is it in the middle of an operation? */
  get isBusy(): boolean {
    return this.isBehind || !this.#inbox.isEmpty || this.#dumping > 0;
  }

  /** Is there something that it is waited for? */
  get owesUs(): boolean {
    return this.isBusy || !this.#hasAsked;
  }

  /** Reads once and answers what is asked. False: it is gone, or must go. */
  read(store: Store): boolean {
    const count = this.#inbox.fill();
    if (count < 0) return count === -EAGAIN;
    return this.#answerAll(store);
  }

  /** Goes on writing; then answers what was asked meanwhile. False as above. */
  write(store: Store): boolean {
    const result = this.#outbox.flush(this.fd);
    return result === 0 ? this.#answerAll(store) : result === -EAGAIN;
  }

  #answerAll(store: Store): boolean {
    while (!this.isBehind) {
      const message = this.#inbox.next();
      if (message === undefined) return true;
      if (typeof message === "number") return false;
      this.#hasAsked = true;
      const request = parseRequest(message);
      const reply = request && store.answer(request, this.#rights, { dumping: this.#dumping });
      if (reply === undefined) {
        message.fds.forEach(close);
        return false;
      }
      this.#dumping = reply.dumping;
      for (const each of reply.messages) this.#outbox.put(each);
      reply.closed.forEach(close);
      const result = this.#outbox.flush(this.fd);
      if (result < 0 && result !== -EAGAIN) return false;
    }
    return true;
  }

  [Symbol.dispose](): void {
    this.#outbox[Symbol.dispose]();
    this.#inbox[Symbol.dispose]();
    this.#rights[Symbol.dispose]();
    close(this.fd);
  }
}
