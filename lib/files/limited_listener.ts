/** A socket on which clients connect as long as there may be one more of them. */
import { EAGAIN, ECONNABORTED, EINTR } from "../core/linux/errno.ts";
import { SyscallError } from "../libc/bind.ts";
import type { Poller } from "../libc/epoll.ts";
import { close } from "../libc/file.ts";
import { type Accepted, acceptStream } from "../libc/socket/stream_server.ts";

export interface LimitedListenerOptions {
  readonly poller: Poller;
  /** Already listening. */
  readonly fd: number;
  mayAccept(): boolean;
  /** The callee owns the connection, unless it throws. */
  onClient(client: Accepted): void;
  /** What onClient has thrown: this client's trouble is not the next one's. */
  onMishap(error: unknown): void;
}

export class LimitedListener {
  readonly #options: LimitedListenerOptions;
  #isAccepting = false;

  constructor(options: LimitedListenerOptions) {
    this.#options = options;
  }

  /** Begins or ends to accept: to be called whenever mayAccept() may say something else. */
  update(): void {
    const { poller, fd, mayAccept } = this.#options;
    const isAccepting = mayAccept();
    if (isAccepting === this.#isAccepting) return;
    this.#isAccepting = isAccepting;
    if (isAccepting) poller.watch(fd, () => this.#accept());
    else poller.unwatch(fd);
  }

  /** @throws {SyscallError} If there is no descriptor left: the poller rests, and comes back. */
  #accept(): void {
    const { fd, onClient, onMishap } = this.#options;
    const accepted = acceptStream(fd);
    if (typeof accepted === "number") {
      if ([-EAGAIN, -EINTR, -ECONNABORTED].includes(accepted)) return;
      throw new SyscallError("accept", -accepted);
    }
    try {
      onClient(accepted);
    } catch (error) {
      close(accepted.fd);
      onMishap(error);
    }
    this.update();
  }
}
