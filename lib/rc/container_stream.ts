/**
 * One of the container's output streams. Writing to it never blocks: a pipe is opened a second
 * time, because only then can our own copy be made non-blocking. Terminals and sockets are not
 * accepted; programs that write there must get them directly.
 */
import { EAGAIN, EINTR } from "../core/linux/errno.ts";
import { O_NONBLOCK, O_WRONLY } from "../core/linux/open_flags.ts";
import type { Poller } from "../libc/epoll.ts";
import { close, tryOpen, write } from "../libc/file.ts";
import { isFifo, isRegular, type Stat, tryFstat } from "../libc/stat.ts";

/** `/dev/null`: major 1, minor 3. */
const NULL_DEVICE = 0x103n;

/** Whether we can relay output to `fd`. */
export function isRelayable({ mode, rdev }: Stat): boolean {
  return isFifo(mode) || isRegular(mode) || rdev === NULL_DEVICE;
}

export class ContainerStream {
  readonly #poller: Poller;
  readonly #fd: number;
  /** We opened the descriptor, so we close it. */
  readonly #isOwn: boolean;
  #waiters: (() => void)[] = [];

  private constructor(poller: Poller, fd: number, isOwn: boolean) {
    this.#poller = poller;
    this.#fd = fd;
    this.#isOwn = isOwn;
  }

  /** Undefined if writing to it might block. */
  static open(poller: Poller, fd: number): ContainerStream | undefined {
    const record = tryFstat(fd);
    if (typeof record === "number" || !isRelayable(record)) return undefined;
    if (!isFifo(record.mode)) return new ContainerStream(poller, fd, false);
    const own = tryOpen(`/proc/self/fd/${fd}`, O_WRONLY | O_NONBLOCK);
    return own < 0 ? undefined : new ContainerStream(poller, own, true);
  }

  /** Returns how many bytes were accepted. A stream that has no reader left accepts everything. */
  write(bytes: Uint8Array<ArrayBuffer>): number {
    if (this.#waiters.length > 0) return 0; // first come, first served
    const count = write(this.#fd, bytes);
    if (count === -EAGAIN || count === -EINTR) return 0;
    return count < 0 ? bytes.length : count;
  }

  /** Calls back once when there is room again. */
  whenRoom(callback: () => void): void {
    this.#waiters.push(callback);
    if (this.#waiters.length > 1) return;
    this.#poller.watch(this.#fd, () => this.#tellRoom(), { writing: true });
  }

  #tellRoom(): void {
    this.#poller.unwatch(this.#fd);
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter();
  }

  close(): void {
    if (this.#waiters.length > 0) this.#poller.unwatch(this.#fd);
    this.#waiters = [];
    if (this.#isOwn) close(this.#fd);
  }
}
