/** A socket on which clients connect. Only our own user and root are accepted. */
import { EAGAIN, ECONNABORTED, EINTR, strerror } from "../core/linux/errno.ts";
import { startTimer } from "../fifodir/timer.ts";
import type { Poller } from "../libc/epoll.ts";
import { close } from "../libc/file.ts";
import { accept, peerOf } from "../libc/socket/local.ts";
import { geteuid } from "../libc/process.ts";

/** How long it stops accepting when there are no descriptors left. */
const PAUSE_MS = 1000;

export interface ListenerOptions {
  readonly poller: Poller;
  /** Already listening; we own it from now on. */
  readonly fd: number;
  /** Who connects, for a warning: `a client of s6-rc`. */
  readonly whom: string;
  /** The callee owns the connection. */
  onClient(fd: number, pid: number): void;
  warn(text: string): void;
}

export class Listener {
  readonly #options: ListenerOptions;
  readonly #fd: number;
  #pause: Disposable | undefined;

  /** Starts accepting. @throws {SyscallError} If it can't. */
  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#fd = options.fd;
    this.#watch();
  }

  #watch(): void {
    this.#options.poller.watch(this.#fd, () => this.#accept());
  }

  #accept(): void {
    const { poller, warn, onClient, whom } = this.#options;
    const fd = accept(this.#fd);
    // the client has already gone
    if (fd === -EAGAIN || fd === -EINTR || fd === -ECONNABORTED) return;
    if (fd < 0) {
      warn(
        `unable to take ${whom}: ${strerror(-fd)} (trying again in ${PAUSE_MS / 1000} second)`,
      );
      poller.unwatch(this.#fd);
      this.#pause = startTimer(PAUSE_MS, () => this.#watch());
      return;
    }
    const peer = peerOf(fd);
    if (typeof peer === "number" || (peer.uid !== 0 && peer.uid !== geteuid())) close(fd);
    else onClient(fd, peer.pid);
  }

  /** Stops accepting clients. */
  close(): void {
    this.#pause?.[Symbol.dispose]();
    this.#options.poller.unwatch(this.#fd);
    close(this.#fd);
  }
}
