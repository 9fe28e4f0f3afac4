/** A FIFO at whose other end somebody wishes ill: who writes noise, or does not read. */
import { pipeBytes } from "../../lib/libc/fd.ts";
import { O_NONBLOCK, O_RDWR } from "../../lib/core/linux/open_flags.ts";
import { close, open, read, write } from "../../lib/libc/file.ts";
import { eventually } from "../fixture/deadline.ts";

export class OpenFifo implements Disposable {
  readonly #fd: number;

  /**
   * Opens it for both: it never waits for a reader, and what is in it stays there when a reader
   * leaves.
   */
  constructor(path: string) {
    this.#fd = open(path, O_RDWR | O_NONBLOCK);
  }

  /** Writes as much as there is room for. @returns how much that was */
  write(bytes: Uint8Array<ArrayBuffer>): number {
    return Math.max(0, write(this.#fd, bytes));
  }

  /** Fills it until not one more byte has room. */
  fill(byte: number): void {
    for (let sizeBytes = 65536; sizeBytes >= 1;) {
      if (this.write(new Uint8Array(sizeBytes).fill(byte)) === 0) sizeBytes >>= 1;
    }
  }

  /** How much is in it. */
  get bytes(): number {
    return pipeBytes(this.#fd);
  }

  /** Takes all that is in it. */
  drain(): string {
    let text = "";
    const buffer = new Uint8Array(65536);
    for (let count = read(this.#fd, buffer); count > 0; count = read(this.#fd, buffer)) {
      text += new TextDecoder().decode(buffer.subarray(0, count));
    }
    return text;
  }

  /** Takes what comes until the pattern is in it. */
  async until(pattern: RegExp): Promise<string> {
    let text = "";
    await eventually(
      `${pattern} in what was written to a FIFO`,
      () => pattern.test(text += this.drain()),
    );
    return text;
  }

  [Symbol.dispose](): void {
    close(this.#fd);
  }
}

/** Waits until somebody has read all that is in a FIFO, or has left it unread. */
export async function isRead(path: string): Promise<void> {
  await eventually(`a reader of ${path}`, () => {
    using fifo = new OpenFifo(path);
    return fifo.bytes === 0;
  });
}
