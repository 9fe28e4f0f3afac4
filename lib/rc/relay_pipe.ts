/**
 * A pipe whose bytes go on into one of the container's streams, without ever waiting: while that is
 * full, the pipe is not read. It is over when nobody can write into it any more.
 */
import { EAGAIN, EINTR } from "../core/linux/errno.ts";
import type { Poller } from "../libc/epoll.ts";
import { pipe, setNonblocking } from "../libc/fd.ts";
import { close, read } from "../libc/file.ts";
import type { ContainerStream } from "./container_stream.ts";

const READ_SIZE = 1 << 15;
/** So much is read at once when all is wanted that is there: more than a pipe holds. */
const MAX_DRAIN = 1 << 20;

const NOTHING = new Uint8Array(0);
const scratch = new Uint8Array(READ_SIZE);

export interface RelayListener {
  /** What has been read, and has gone on or waits; to be used within the call. */
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
  /** What was read and has not gone on yet, in a buffer that is made when the first has to wait. */
  #rest: Uint8Array<ArrayBuffer> = NOTHING;
  #waiting: Uint8Array<ArrayBuffer> | undefined;
  isOver = false;

  /** @throws {SyscallError} If there is no descriptor left. */
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

  /** Returns how much was read; 0 if there is nothing now, or it can't go on. */
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
    this.#listener.onBytes(bytes); // what follows from it is said after it
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
    waiting.set(bytes.subarray(taken)); // perhaps from its own middle
    this.#rest = waiting.subarray(0, bytes.length - taken);
    this.#unwatch();
    this.#stream.whenRoom(() => this.isOver || this.#pass(this.#rest));
  }

  /** Reads what is there now, and leaves the rest for later. */
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
