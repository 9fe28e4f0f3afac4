/** Messages with descriptors as they come. Source: skalibs, unixmessage_receive.c. */
import { EAGAIN, ECONNRESET, EINTR, EMFILE, EPIPE, EPROTO } from "../core/linux/errno.ts";
import { close } from "../libc/file.ts";
import { receivePassed } from "../libc/socket/passing.ts";
import { FrameReader, type Message, MOST_FDS } from "./core/frames.ts";

const BUFFER_BYTES = 16_384;
/** Who has not read what we wrote before it closed its side is as gone as any other. */
const SAID_AS: ReadonlyMap<number, number> = new Map([[-EINTR, -EAGAIN], [-ECONNRESET, -EPIPE]]);

export class Inbox implements Disposable {
  readonly #socketFd: number;
  readonly #frames: FrameReader;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);

  /** @param mostBytes The longest content of a message that is taken. */
  constructor(socketFd: number, mostBytes: number) {
    this.#socketFd = socketFd;
    this.#frames = new FrameReader(mostBytes);
  }

  /** Has nothing of a message come that is not all there? */
  get isEmpty(): boolean {
    return this.#frames.isEmpty;
  }

  /**
   * Reads once, without waiting. The bytes read, or `-errno`: `-EAGAIN` if there is nothing,
   * `-EPIPE` at the end, `-EMFILE` if there was no room for descriptors in our table.
   */
  fill(): number {
    const passed = receivePassed(this.#socketFd, this.#buffer, MOST_FDS);
    if (typeof passed === "number") return SAID_AS.get(passed) ?? passed;
    this.#frames.add(this.#buffer.subarray(0, passed.count), passed.fds);
    if (passed.truncated) return -EMFILE;
    return passed.count === 0 ? -EPIPE : passed.count;
  }

  /** The next message that is all there; undefined if there is none; `-EPROTO` if none can follow. */
  next(): Message | number | undefined {
    const message = this.#frames.next();
    return message === "broken" ? -EPROTO : message;
  }

  /** What belongs to no message that was taken is closed. */
  [Symbol.dispose](): void {
    this.#frames.waitingFds.forEach(close);
  }
}
