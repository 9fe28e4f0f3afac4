/** The reading end of the pipe on which a service reports its readiness with a newline. */
import { EAGAIN, EINTR } from "../core/linux/errno.ts";
import { SyscallError } from "../libc/bind.ts";
import type { Poller } from "../libc/epoll.ts";
import { pipeBytes } from "../libc/fd.ts";
import { close, read } from "../libc/file.ts";

const LF = 10;

const scratch = new Uint8Array(512);

export interface ReadinessPipeOptions {
  onReady(): void;
  warn(text: string): void;
}

export class ReadinessPipe {
  readonly #poller: Poller;
  readonly #options: ReadinessPipeOptions;
  #fd = -1;

  constructor(poller: Poller, options: ReadinessPipeOptions) {
    this.#poller = poller;
    this.#options = options;
  }

  /** Undefined: there is nothing to report, or it has been reported. */
  get fd(): number | undefined {
    return this.#fd < 0 ? undefined : this.#fd;
  }

  /**
   * Takes over the descriptor. The service is running: a failure to listen for its readiness is no
   * reason to give it up.
   */
  listen(fd: number): void {
    try {
      this.#poller.watch(fd, () => this.#read());
      this.#fd = fd;
    } catch (error) {
      close(fd);
      if (!(error instanceof SyscallError)) throw error;
      this.#options.warn(`unable to listen for readiness: ${error.reason} (going on without)`);
    }
  }

  /** Reads what is there now. */
  catchUp(): void {
    if (this.#fd >= 0 && pipeBytes(this.#fd) > 0) this.#read();
  }

  #read(): void {
    const count = read(this.#fd, scratch);
    if (count === -EAGAIN || count === -EINTR) return;
    const ready = scratch.subarray(0, Math.max(count, 0)).includes(LF);
    if (count <= 0 || ready) this.close();
    if (ready) this.#options.onReady();
  }

  close(): void {
    if (this.#fd < 0) return;
    this.#poller.unwatch(this.#fd);
    close(this.#fd);
    this.#fd = -1;
  }
}
