/** The beginning of a line whose end has not come yet: short pieces, and then a queue. Pure. */
import { ByteQueue } from "./byte_queue.ts";

/** A longer beginning of a line is kept in a queue. */
const SHORT_BYTES = 8192;

export class LineCarry {
  #pieces: Uint8Array<ArrayBuffer>[] = [];
  readonly #queue = new ByteQueue();
  #length = 0;

  /** Its bytes. */
  get length(): number {
    return this.#length;
  }

  add(piece: Uint8Array<ArrayBuffer>): void {
    if (this.#length + piece.length <= SHORT_BYTES) this.#pieces.push(piece.slice());
    else this.#queue.append(piece);
    this.#length += piece.length;
  }

  /** Moves what was kept to the beginning of `block`. */
  moveInto(block: Uint8Array<ArrayBuffer>): void {
    let length = 0;
    for (const piece of this.#pieces) {
      block.set(piece, length);
      length += piece.length;
    }
    this.#queue.copyTo(block.subarray(length));
    this.clear();
  }

  clear(): void {
    this.#queue.clear();
    this.#pieces = [];
    this.#length = 0;
  }
}
