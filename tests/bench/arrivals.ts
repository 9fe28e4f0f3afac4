/**
 * How a benchmark learns that services run: each writes a line into one FIFO as the first thing
 * that it does. That costs every peer's services the same, and nobody polls while the peers work.
 */
import { within } from "../fixture/deadline.ts";

export class Arrivals implements AsyncDisposable {
  readonly #file: Deno.FsFile;
  readonly #pump: Promise<void>;
  #over = false;
  #count = 0;
  #lastAtMs = 0;
  #wake: () => void = () => {};

  /** Opens a FIFO that is there. */
  constructor(path: string) {
    // open for both: no writer's leaving is an end of file
    this.#file = Deno.openSync(path, { read: true, write: true });
    this.#pump = this.#read();
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(65536);
    while (!this.#over) {
      const length = await this.#file.read(buffer) ?? 0;
      this.#lastAtMs = performance.now();
      for (let at = 0; at < length; at++) if (buffer[at] === 10) this.#count += 1;
      this.#wake();
    }
  }

  get count(): number {
    return this.#count;
  }

  /**
   * Waits until `count` starts were told since the beginning.
   *
   * @returns when the last one was read, in the time of performance.now()
   * @throws {Error} If they have not come after `limitMs`.
   */
  async reach(count: number, limitMs: number): Promise<number> {
    const come = async (): Promise<void> => {
      while (this.#count < count) await new Promise<void>((resolve) => this.#wake = resolve);
    };
    await within(come(), () => `${count} starts of services; there were ${this.#count}`, limitMs);
    return this.#lastAtMs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true;
    this.#file.writeSync(Uint8Array.of(0)); // wakes the pending read
    await this.#pump;
    this.#file.close();
  }
}
