/** A fifodir for one test. */
import { O_NONBLOCK, O_RDWR } from "../../../lib/core/linux/open_flags.ts";
import { close, mkfifo, open, read } from "../../../lib/libc/file.ts";

/** The name of a listener's FIFO, but for the last digit. */
export const NAME = "ftrig1:@400000006b0230d90556ad0c:abcd0";

/** A fifodir for one test, with listeners that are called by a number. */
export class TemporaryFifodir implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "hexad-fifodir-" });
  readonly #fds: number[] = [];

  /** Makes a FIFO and listens; returns the descriptor. */
  listen(digit: number): number {
    const path = this.fifo(digit);
    const fd = open(path, O_RDWR | O_NONBLOCK);
    this.#fds.push(fd);
    return fd;
  }

  /** Makes a FIFO that nobody reads. */
  fifo(digit: number): string {
    const path = `${this.path}/${NAME}${digit}`;
    mkfifo(path, 0o622);
    return path;
  }

  names(): string[] {
    return [...Deno.readDirSync(this.path)].map((entry) => entry.name).sort();
  }

  [Symbol.dispose](): void {
    this.#fds.forEach(close);
    Deno.removeSync(this.path, { recursive: true });
  }
}

/** What waits in a listener's FIFO. */
export function received(fd: number): string {
  const buffer = new Uint8Array(64);
  const length = read(fd, buffer);
  return length < 0 ? "" : new TextDecoder().decode(buffer.subarray(0, length));
}
