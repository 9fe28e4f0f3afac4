/**
 * A descriptor in memory that lines go to: it has as much room as the test says, and time is moved
 * by the test.
 */
import type { OutputWorld } from "../../lib/logdir/shared_output.ts";

const PIPE_BUF = 4096;

export class FakeOutput implements OutputWorld {
  /** Everything that was written. */
  text = "";
  /** What each write brought. */
  readonly writes: string[] = [];
  /** Bytes that it still takes. */
  space = 0;
  /** What writes fail with. */
  errno = 0;
  readonly warnings: string[] = [];
  #onRoom: (() => void) | undefined;
  #timers: { readonly atMs: number; readonly callback: () => void }[] = [];
  #nowMs = 0;

  room(): number {
    return this.errno > 0 ? PIPE_BUF : Math.min(this.space, PIPE_BUF);
  }

  write(bytes: Uint8Array<ArrayBuffer>): number {
    if (this.errno > 0) return -this.errno;
    const count = Math.min(bytes.length, this.space);
    this.space -= count;
    const written = new TextDecoder().decode(bytes.subarray(0, count));
    this.writes.push(written);
    this.text += written;
    return count;
  }

  watch(onRoom: () => void): boolean {
    this.#onRoom = onRoom;
    return true;
  }

  unwatch(): void {
    this.#onRoom = undefined;
  }

  get watched(): boolean {
    return this.#onRoom !== undefined;
  }

  get timers(): number {
    return this.#timers.length;
  }

  later(delayMs: number, callback: () => void): Disposable {
    const timer = { atMs: this.#nowMs + delayMs, callback };
    this.#timers.push(timer);
    return { [Symbol.dispose]: () => this.#timers = this.#timers.filter((one) => one !== timer) };
  }

  warn(text: string): void {
    this.warnings.push(text);
  }

  /** The reader takes so much. */
  read(bytes: number): void {
    this.space += bytes;
    while (this.space > 0 && this.#onRoom !== undefined) this.#onRoom();
  }

  elapse(ms: number): void {
    this.#nowMs += ms;
    const due = this.#timers.filter(({ atMs }) => atMs <= this.#nowMs);
    this.#timers = this.#timers.filter(({ atMs }) => atMs > this.#nowMs);
    for (const { callback } of due) callback();
  }
}
