/**
 * A pipe whose bytes are passed on to one of the container's streams, without ever blocking: while
 * the stream is full, the pipe is not read. It ends when there is no writer left.
 */
import { EAGAIN, EINTR } from "../core/linux/errno.ts";
import type { Poller } from "../libc/epoll.ts";
import { pipe, setNonblocking } from "../libc/fd.ts";
import { close, read } from "../libc/file.ts";
import type { ContainerStream } from "./container_stream.ts";

const READ_SIZE = 1 << 15;
/** How much `drain` reads at most: more than a pipe holds. */
const MAX_DRAIN = 1 << 20;

const NOTHING = new Uint8Array(0);
const scratch = new Uint8Array(READ_SIZE);

export interface RelayListener {
  /**
   * Receives the bytes that were read, whether they were passed on or wait. They are valid only
   * during the call.
   */
  onBytes(bytes: Uint8Array<ArrayBuffer>): void;
  onOver(): void;
}

export class RelayPipe {
  readonly #poller: Poller;
  readonly #stream: ContainerStream;
  readonly #listener: RelayListener;
  readonly #readFd: number;
  #writeFd: number;
  #isWatching = false;
  /**
   * What was read and not passed on yet. The buffer is made the first time something has to wait.
   */
  #rest: Uint8Array<ArrayBuffer> = NOTHING;
  #waiting: Uint8Array<ArrayBuffer> | undefined;
  isOver = false;

  /** @throws {SyscallError} If there are no descriptors left. */
  constructor(poller: Poller, stream: ContainerStream, listener: RelayListener) {
    this.#poller = poller;
    this.#stream = stream;
    this.#listener = listener;
    const { readFd, writeFd } = pipe();
    this.#readFd = readFd;
    this.#writeFd = writeFd;
    try {
      setNonblocking(readFd, true);
      this.#watch();
    } catch (error) {
      close(readFd);
      close(writeFd);
      throw error;
    }
  }

  get writeFd(): number {
    return this.#writeFd;
  }

  begun(): void {
    if (this.#writeFd >= 0) close(this.#writeFd);
    this.#writeFd = -1;
  }

  #watch(): void {
    this.#poller.watch(this.#readFd, () => void this.#readSome());
    this.#isWatching = true;
  }

  #unwatch(): void {
    if (this.#isWatching) this.#poller.unwatch(this.#readFd);
    this.#isWatching = false;
  }

  /** Returns how much was read; 0 if the pipe is empty or reading can't continue. */
  #readSome(): number {
    if (this.isOver || this.#rest.length > 0) return 0;
    const count = read(this.#readFd, scratch);
    if (count === -EAGAIN || count === -EINTR) return 0;
    if (count <= 0) {
      this.end();
      return 0;
    }
    const bytes = scratch.subarray(0, count);
    this.#pass(bytes);
    this.#listener.onBytes(bytes); // after the write, so reports follow the bytes
    return count;
  }

  #pass(bytes: Uint8Array<ArrayBuffer>): void {
    const taken = this.#stream.write(bytes);
    if (taken === bytes.length) {
      this.#rest = NOTHING;
      if (!this.#isWatching) this.#watch();
      return;
    }
    const waiting = this.#waiting ??= new Uint8Array(READ_SIZE);
    waiting.set(bytes.subarray(taken)); // `bytes` may be a part of the same buffer
    this.#rest = waiting.subarray(0, bytes.length - taken);
    this.#unwatch();
    this.#stream.whenRoom(() => this.isOver || this.#pass(this.#rest));
  }

  /** Reads what is there now. What the stream does not accept is left for later. */
  drain(): void {
    for (let left = MAX_DRAIN; left > 0;) {
      const count = this.#readSome();
      if (count === 0) return;
      left -= count;
    }
  }

  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#unwatch();
    this.begun();
    close(this.#readFd);
    this.#listener.onOver();
  }
}
