/**
 * Telling events to everyone who listens in a fifodir.
 *
 * The notifier never waits: an event for a reader whose FIFO is full is lost to that reader. A
 * fifodir may be writable for everybody and the notifier is often root, so an entry is written to
 * only if it is a FIFO itself, not a link to something else.
 *
 * Whoever may listen may fill the directory. So a fifodir is gone through in portions, and only so
 * many of its entries are looked at; what happens meanwhile is told in another pass, since every
 * listener gets the events in their order. Source: s6, libs6/ftrigw_notifyb_nosig.c;
 * doc/fifodir.html.
 */
import { ENXIO, EPIPE } from "../core/linux/errno.ts";
import { isFtrigName } from "../servicedir/core/ftrig_name.ts";
import { encodePath } from "../core/text/path_bytes.ts";
import { SyscallError } from "../libc/bind.ts";
import { openAt, readNames, rewind, unlinkAt } from "../libc/directory.ts";
import {
  O_DIRECTORY,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_RDONLY,
  O_WRONLY,
} from "../core/linux/open_flags.ts";
import { close, tryOpen, write } from "../libc/file.ts";
import { fstat, isFifo } from "../libc/stat.ts";

/** Entries told in one go. */
const ENTRIES_AT_ONCE = 128;
/** Entries of a fifodir that are looked at. Nobody has so many listeners. */
export const MAX_ENTRIES = 20_000;
/**
 * Events that wait for the next pass; more than that is a listener's loss, as with a FIFO that is
 * full.
 */
const MAX_WAITING_EVENTS = 1024;

/**
 * Sends the bytes of `events`, in one write, to every listener, however many there are; entries
 * that nobody reads are removed.
 *
 * @returns How many listeners got them.
 * @throws {SyscallError} If the directory can't be read.
 */
export function notifyFifodir(dir: string, events: string): number {
  const delivery = new Delivery(dir, events, { maxEntries: Infinity });
  while (delivery.next());
  return delivery.reached;
}

/** Events on their way to the listeners of one fifodir. */
export class Delivery {
  readonly #dir: string;
  readonly #dirFd: number;
  readonly #maxEntries: number;
  #bytes: Uint8Array<ArrayBuffer>;
  #names: string[] = [];
  #looked = 0;
  #waiting = "";
  #isOpen = true;
  /** There are more entries than are looked at. */
  tooMany = false;
  /** There are entries of listeners, whether somebody reads them or not. */
  hasListeners = false;
  /** Listeners that have got events. */
  reached = 0;

  /** @throws {SyscallError} If the directory can't be opened. */
  constructor(dir: string, events: string, { maxEntries = MAX_ENTRIES } = {}) {
    const fd = tryOpen(dir, O_RDONLY | O_DIRECTORY | O_NONBLOCK);
    if (fd < 0) throw new SyscallError(`notify ${dir}`, -fd);
    this.#dir = dir;
    this.#dirFd = fd;
    this.#maxEntries = maxEntries;
    this.#bytes = encodePath(events) as Uint8Array<ArrayBuffer>;
  }

  /** Events that come behind those. */
  add(events: string): void {
    if (this.#waiting.length + events.length <= MAX_WAITING_EVENTS) this.#waiting += events;
  }

  /**
   * Tells some listeners. Returns whether there are more, or the next events are to be told; it is
   * closed if not.
   *
   * @throws {SyscallError} If the directory can't be read.
   */
  next(): boolean {
    for (let left = ENTRIES_AT_ONCE; left > 0; left--) {
      const name = this.#nextName();
      if (name === undefined) return this.#beginAnew();
      if (!isFtrigName(name)) continue;
      this.hasListeners = true;
      if (tell(this.#dirFd, name, this.#bytes)) this.reached++;
    }
    return true;
  }

  #nextName(): string | undefined {
    if (this.#names.length === 0) this.#names = this.#read();
    if (this.#looked++ < this.#maxEntries) return this.#names.pop();
    this.tooMany ||= this.#names.length > 0;
    return undefined;
  }

  #read(): string[] {
    try {
      return readNames(this.#dirFd, () => `notify ${this.#dir}`).reverse();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #beginAnew(): boolean {
    if (this.#waiting === "") {
      this.close();
      return false;
    }
    rewind(this.#dirFd);
    this.#names = [];
    this.#looked = 0;
    this.#bytes = encodePath(this.#waiting) as Uint8Array<ArrayBuffer>;
    this.#waiting = "";
    return true;
  }

  close(): void {
    if (this.#isOpen) close(this.#dirFd);
    this.#isOpen = false;
  }
}

function tell(dirFd: number, name: string, bytes: Uint8Array<ArrayBuffer>): boolean {
  const fd = openAt(dirFd, name, O_WRONLY | O_NONBLOCK | O_NOFOLLOW);
  if (fd === -ENXIO) unlinkAt(dirFd, name);
  if (fd < 0) return false;
  try {
    if (!isFifo(fstat(fd).mode)) return false;
    const written = write(fd, bytes);
    if (written === -EPIPE) unlinkAt(dirFd, name);
    return written === bytes.length;
  } finally {
    close(fd);
  }
}
