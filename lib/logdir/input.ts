/**
 * The input of a logger: standard input, or the read end of a pipe. It may be shared, so it is
 * never made non-blocking.
 */
import { EAGAIN, EINTR, EPERM, EPIPE, strerror } from "../core/linux/errno.ts";
import { SyscallError } from "../libc/bind.ts";
import type { Poller } from "../libc/epoll.ts";
import { growPipe, isReady, pipeCapacity, POLLIN } from "../libc/fd.ts";
import { close, read } from "../libc/file.ts";
import { fstat, isFifo, isRegular } from "../libc/stat.ts";
import type { LogInput } from "./engine.ts";

/** What a pipe is grown to when it is found full. */
const LARGE_PIPE = 1 << 20;
/**
 * A read of less has emptied the pipe, most likely; a longer read shows that the writer is busy.
 */
const MUCH = 1 << 14;
/** How long loggers let lines gather that come one by one and soon after each other. */
export const GATHER_MS = 2;

export interface InputOptions {
  readonly poller: Poller;
  onReadable(): void;
  /** While paused: nobody can write any more. Absent: that is of no interest. */
  onHangup?(): void;
  warn(text: string): void;
}

export class DescriptorInput implements LogInput {
  readonly #fd: number;
  readonly #options: InputOptions;
  /** It can't be watched, since it can always be read: a regular file, /dev/null. */
  #isFile: boolean;
  /** The pipe's size, as long as it is worth growing; 0 afterwards, or if it is no pipe. */
  #capacity: number;
  #paused = true;
  #pumping = false;
  #closed = false;
  /** The last read has left nothing, as far as that can be told without asking. */
  #emptied = false;

  constructor(fd: number, options: InputOptions) {
    this.#fd = fd;
    this.#options = options;
    const { mode } = fstat(fd);
    this.#isFile = isRegular(mode);
    this.#capacity = isFifo(mode) ? pipeCapacity(fd) : 0;
  }

  /** Begins to report input. */
  start(): void {
    this.pause(false);
  }

  read(buffer: Uint8Array<ArrayBuffer>): number | undefined {
    if (this.#emptied) {
      this.#emptied = false;
      return undefined;
    }
    if (!this.#isFile && !isReady(this.#fd, POLLIN)) return undefined;
    const count = read(this.#fd, buffer);
    if (count === -EAGAIN || count === -EINTR) return undefined;
    if (count >= 0) {
      if (count >= MUCH) this.#options.poller.hurry();
      else this.#emptied = count > 0 && count < buffer.length;
      if (this.#capacity > 0 && count > this.#capacity / 2) this.#grow();
      return count;
    }
    if (count !== -EPIPE) this.#options.warn(`unable to read from stdin: ${strerror(-count)}`);
    return 0;
  }

  /**
   * A full pipe means that the writer waits for us: a larger one lets both work at once. Where that
   * is refused it goes on as it is. Full can be half of what fits in: a page of the pipe takes only
   * whole ones of short writes.
   */
  #grow(): void {
    growPipe(this.#fd, LARGE_PIPE);
    this.#capacity = 0;
  }

  pause(paused: boolean): void {
    if (paused === this.#paused || this.#closed) return;
    this.#paused = paused;
    if (!paused && !this.#isFile) this.#isFile = !this.#watch();
    if (!this.#isFile) {
      if (paused) this.#watchHangup();
    } else if (!paused) this.#pumpFile();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = this.#paused = true;
    // by hand: the pipe stays open elsewhere, and so would the watch
    this.#options.poller.unwatch(this.#fd);
    close(this.#fd);
  }

  #watchHangup(): void {
    const { poller, onHangup } = this.#options;
    poller.unwatch(this.#fd);
    if (onHangup === undefined) return;
    poller.watch(this.#fd, () => {
      poller.unwatch(this.#fd);
      onHangup();
    }, { hangup: true });
  }

  #watch(): boolean {
    this.#options.poller.unwatch(this.#fd); // for its end
    try {
      this.#options.poller.watch(this.#fd, () => this.#options.onReadable());
      return true;
    } catch (error) {
      if (error instanceof SyscallError && error.errno === EPERM) return false;
      throw error;
    }
  }

  /** A regular file can always be read; in between, signals and timers have their turn. */
  #pumpFile(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    setTimeout(() => {
      this.#pumping = false;
      if (this.#paused) return;
      this.#options.onReadable();
      this.#pumpFile();
    }, 0);
  }
}
