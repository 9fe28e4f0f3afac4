/** A FIFO that is written to as a client does that wishes ill. */
import { pipeBytes } from "../../lib/libc/fd.ts";
import { close, O_NONBLOCK, O_RDWR, open, write } from "../../lib/libc/file.ts";

export class OpenFifo implements Disposable {
  readonly #fd: number;

  /** Opens it for both: it never waits for a reader, and what is in it stays there when a reader leaves. */
  constructor(path: string) {
    this.#fd = open(path, O_RDWR | O_NONBLOCK);
  }

  /** Writes as much as there is room for. @returns how much that was */
  write(bytes: Uint8Array<ArrayBuffer>): number {
    return Math.max(0, write(this.#fd, bytes));
  }

  /** Fills it until not one more byte has room. */
  fill(byte: number): void {
    for (let sizeBytes = 65536; sizeBytes >= 1;) if (this.write(new Uint8Array(sizeBytes).fill(byte)) === 0) sizeBytes >>= 1;
  }

  /** How much is in it. */
  get bytes(): number {
    return pipeBytes(this.#fd);
  }

  [Symbol.dispose](): void {
    close(this.#fd);
  }
}
