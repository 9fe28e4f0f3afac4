/**
 * Messages of a stream that carry descriptors, as skalibs frames them. Layout of a message:
 *
 * - 4 bytes: the length of its content, big-endian
 * - 2 bytes: how many descriptors it has, big-endian
 * - the content
 *
 * The descriptors travel with the first byte. Source: skalibs, unixmessage_put.c,
 * unixmessage_receive.c, unixmessage_sender_flush.c. Pure.
 */
import { withRoom } from "../../core/text/bytes.ts";

/** The most descriptors of a message: what the kernel takes at once. */
export const MOST_FDS = 253;
const HEADER = 6;

export interface Message {
  readonly content: Uint8Array<ArrayBuffer>;
  readonly fds: readonly number[];
}

/** The bytes of a message, without its descriptors. */
export function frameOf({ content, fds }: Message): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEADER + content.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  view.setUint16(4, fds.length);
  bytes.set(content, HEADER);
  return bytes;
}

/** Takes a stream apart. Whoever writes it may be hostile: nothing is kept beyond limits. */
export class FrameReader {
  readonly #mostBytes: number;
  #bytes = new Uint8Array(0);
  #start = 0;
  #end = 0;
  #fds: number[] = [];

  /** @param mostBytes The longest content of a message. */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** Is there nothing of a message that has begun? */
  get isEmpty(): boolean {
    return this.#start === this.#end && this.#fds.length === 0;
  }

  /** Descriptors of messages that have not been taken. */
  get waitingFds(): readonly number[] {
    return this.#fds;
  }

  /** Adds what has come. */
  add(bytes: Uint8Array, fds: readonly number[]): void {
    if (this.#start > 0) {
      this.#bytes.copyWithin(0, this.#start, this.#end);
      this.#end -= this.#start;
      this.#start = 0;
    }
    this.#bytes = withRoom(this.#bytes, this.#end, bytes.length);
    this.#bytes.set(bytes, this.#end);
    this.#end += bytes.length;
    this.#fds.push(...fds);
  }

  /**
   * The next message; undefined if it is not all there yet, "broken" if none can follow: it is too
   * long, has too many descriptors, or more have come than belong to messages.
   */
  next(): Message | "broken" | undefined {
    const length = this.#end - this.#start;
    if (length < HEADER) return this.#fds.length > MOST_FDS ? "broken" : undefined;
    const view = new DataView(this.#bytes.buffer, this.#start, HEADER);
    const contentLength = view.getUint32(0);
    const count = view.getUint16(4);
    if (contentLength > this.#mostBytes || count > MOST_FDS) return "broken";
    if (length < HEADER + contentLength || this.#fds.length < count) {
      return this.#fds.length > MOST_FDS ? "broken" : undefined;
    }
    const from = this.#start + HEADER;
    this.#start = from + contentLength;
    return {
      content: this.#bytes.slice(from, this.#start),
      fds: this.#fds.splice(0, count),
    };
  }
}
