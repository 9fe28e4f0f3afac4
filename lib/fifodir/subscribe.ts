/**
 * Listening in a fifodir: a FIFO of our own there, into which notifiers write one byte per event.
 *
 * It is made under a hidden name and renamed when it can be written to, so no notifier meets a FIFO
 * that nobody reads. It is open for writing too, so it never comes to an end. Mode 0622: everybody
 * who may write in the directory may notify. Source: s6, libs6/s6-ftrigrd.c; doc/fifodir.html.
 */
import { EEXIST, ENXIO } from "../core/linux/errno.ts";
import { ftrigName } from "../servicedir/core/ftrig_name.ts";
import { SyscallError } from "../libc/bind.ts";
import { wallclock } from "../libc/clock.ts";
import { O_NOFOLLOW, O_NONBLOCK, O_RDWR } from "../core/linux/open_flags.ts";
import { close, mkfifo, read, rename, tryOpen, umask, unlink } from "../libc/file.ts";
import { fstat, isFifo } from "../libc/stat.ts";

const FIFO_MODE = 0o622;
const MAX_ATTEMPTS = 8;
const SUFFIX_LENGTH = 6;
const SUFFIX_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const READ_SIZE = 4096;
const MAX_READS = 32;

/** One listener. Disposing of it removes its FIFO. */
export class Subscription implements Disposable {
  /** Readable when there are events. Close-on-exec, non-blocking. */
  readonly fd: number;
  /** Where the FIFO is. */
  readonly path: string;

  /**
   * A listener on a FIFO that is open already: `subscribe` makes one, or a parent process left it.
   */
  constructor(fd: number, path: string) {
    this.fd = fd;
    this.path = path;
  }

  /**
   * The events that have come and not been read yet, oldest first, maybe none. A flood comes in
   * parts; the descriptor stays readable.
   */
  readEvents(): Uint8Array<ArrayBuffer> {
    let events = new Uint8Array(0);
    const buffer = new Uint8Array(READ_SIZE);
    for (let i = 0; i < MAX_READS; i++) {
      const count = read(this.fd, buffer);
      if (count <= 0) break; // nothing more now: we hold a writing end, so this is no end of file
      const longer = new Uint8Array(events.length + count);
      longer.set(events);
      longer.set(buffer.subarray(0, count), events.length);
      events = longer;
    }
    return events;
  }

  [Symbol.dispose](): void {
    unlink(this.path);
    close(this.fd);
  }
}

/**
 * Starts to listen in `fifodir`.
 *
 * @throws {SyscallError} If there is no such directory, or this user may not listen there.
 */
export function subscribe(fifodir: string): Subscription {
  const action = `subscribe to ${fifodir}`;
  const stamp = wallclock();
  for (let attempt = 1;; attempt++) {
    const name = ftrigName(stamp, randomSuffix());
    const hidden = `${fifodir}/.${name}`;
    const made = makeFifo(hidden);
    if (made === -EEXIST && attempt < MAX_ATTEMPTS) continue;
    if (made < 0) throw new SyscallError(action, -made);
    const fd = openFifo(hidden, action);
    const path = `${fifodir}/${name}`;
    const renamed = rename(hidden, path);
    if (renamed >= 0) return new Subscription(fd, path);
    unlink(hidden);
    close(fd);
    throw new SyscallError(action, -renamed);
  }
}

function makeFifo(path: string): number {
  const mask = umask(0);
  const made = mkfifo(path, FIFO_MODE);
  umask(mask);
  return made;
}

function openFifo(path: string, action: string): number {
  const fd = tryOpen(path, O_RDWR | O_NONBLOCK | O_NOFOLLOW);
  if (fd < 0) {
    unlink(path);
    throw new SyscallError(action, -fd);
  }
  if (isFifo(fstat(fd).mode)) return fd;
  close(fd); // the owner of the directory has put something else in its place
  throw new SyscallError(action, ENXIO);
}

function randomSuffix(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SUFFIX_LENGTH));
  return Array.from(bytes, (byte) => SUFFIX_CHARACTERS[byte % SUFFIX_CHARACTERS.length]).join("");
}
