/**
 * Work that not too many may do at the same time: who comes later waits, first come first served.
 * Pure.
 *
 * Bringing files to the disk and marking them, for logs.
 *
 * Bringing all file systems to their disks. Source: sync(2).
 */
import { bindLibrary } from "./bind.ts";

export class Turns {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #count = 0;

  /** @param most So many at the same time. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Does it when it is its turn, and gives what it gives. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#count < this.#most) this.#count++;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve)); // who ends hands the place on
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#count--;
      else next();
    }
  }
}

const libc = bindLibrary({
  sync: { parameters: [], result: "void" },
});

const beside = bindLibrary({ fsync: { parameters: ["i32"], result: "i32", nonblocking: true } });

/**
 * So many threads at a time are enough for any disk. Without a bound a thousand logs that end
 * together would want a thousand, and the runtime, whose threads they are, would have none left to
 * wait for events with.
 */
const MOST_THREADS = 8;
const turns = new Turns(MOST_THREADS);

/**
 * fsync on another thread. Resolves to whether it worked; why it did not can't be told from there.
 */
export async function syncBeside(fd: number): Promise<boolean> {
  return await turns.take(() => beside.fsync(fd)) === 0;
}

/**
 * Waits until everything that was written is on its disk: of the whole machine, not only of this
 * container.
 */
export function syncDisks(): void {
  libc.sync();
}
