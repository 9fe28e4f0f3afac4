/** A service directory for one test. */
import { O_NONBLOCK, O_RDWR } from "../../../lib/core/linux/open_flags.ts";
import { close, mkfifo, open, read } from "../../../lib/libc/file.ts";

/** What the tests do with a service directory. Removed at the end of the scope that holds it. */
export class TemporaryServicedir implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "hexad-servicedir-" });
  readonly #fds: number[] = [];

  /** Makes a directory in it. */
  mkdir(name: string): void {
    Deno.mkdirSync(`${this.path}/${name}`, { recursive: true });
  }

  write(name: string, content: string | Uint8Array): void {
    if (typeof content === "string") Deno.writeTextFileSync(`${this.path}/${name}`, content);
    else Deno.writeFileSync(`${this.path}/${name}`, content);
  }

  /** Makes a FIFO and, if `read`, listens to it. Returns the listening descriptor. */
  fifo(name: string, options: { readonly read: boolean }): number {
    mkfifo(`${this.path}/${name}`, 0o600);
    if (!options.read) return -1;
    const fd = open(`${this.path}/${name}`, O_RDWR | O_NONBLOCK);
    this.#fds.push(fd);
    return fd;
  }

  [Symbol.dispose](): void {
    this.#fds.forEach(close);
    Deno.removeSync(this.path, { recursive: true });
  }
}

/** What waits in a FIFO. */
export function received(fd: number): string {
  const buffer = new Uint8Array(256);
  const length = read(fd, buffer);
  return length < 0 ? "" : new TextDecoder().decode(buffer.subarray(0, length));
}
