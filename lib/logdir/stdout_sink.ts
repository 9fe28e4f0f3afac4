/**
 * Lines for standard output. The descriptor may be shared, so it is never made non-blocking: as long as poll says that there is room, pieces
 * that fit in are written, and what does not fit waits. After a write error it is given up for good, as s6-log does.
 */
import { EAGAIN, EINTR, strerror } from "../core/errno.ts";
import { poll, POLLOUT } from "../libc/fd.ts";
import { write } from "../libc/file.ts";

/** What a pipe takes without blocking when poll says that it has room. */
const PIPE_BUF = 4096;
const STDOUT = 1;

export interface StdoutWorld {
  /** Calls `onRoom` again and again as long as standard output has room; false if it always has. */
  watch(onRoom: () => void): boolean;
  unwatch(): void;
  warn(text: string): void;
}

export class StdoutSink {
  readonly #world: StdoutWorld;
  readonly #onChange: () => void;
  #pending: Uint8Array<ArrayBuffer>[] = [];
  #pendingBytes = 0;
  #watching = false;
  #closed = false;

  constructor(world: StdoutWorld, onChange: () => void) {
    this.#world = world;
    this.#onChange = onChange;
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  append(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#closed || bytes.length === 0) return;
    this.#pending.push(bytes.slice());
    this.#pendingBytes += bytes.length;
    if (!this.#watching) this.#flush();
  }

  #flush(): void {
    while (this.#pendingBytes > 0 && (poll([{ fd: STDOUT, events: POLLOUT }], 0)[0]! !== 0)) {
      const first = this.#pending[0]!;
      const count = write(STDOUT, first.subarray(0, PIPE_BUF));
      if (count === -EAGAIN || count === -EINTR) break;
      if (count < 0) return this.#giveUp(count);
      this.#pendingBytes -= count;
      if (count < first.length) this.#pending[0] = first.subarray(count);
      else this.#pending.shift();
    }
    this.#watch(this.#pendingBytes > 0);
  }

  #watch(wanted: boolean): void {
    if (wanted === this.#watching) return;
    if (!wanted) this.#world.unwatch();
    else if (!this.#world.watch(() => this.#onRoom())) return;
    this.#watching = wanted;
  }

  #onRoom(): void {
    this.#flush();
    this.#onChange();
  }

  #giveUp(error: number): void {
    this.#world.warn(`unable to write to stdout, closing the stream - error was: ${strerror(-error)}`);
    this.#closed = true;
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#watch(false);
    this.#onChange();
  }
}
