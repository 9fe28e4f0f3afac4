/**
 * The body of an answer that goes on, with a bound on what waits to be sent. Whoever reads too
 * slowly for what is written loses the connection, after a last word if it can take one; memory
 * never grows with a reader that does not read.
 */
import { monotonicMs } from "../libc/clock.ts";

/** What may wait of a stream that can't wait itself. */
const MAX_WAITING_BYTES = 256 * 1024;
/** Up to here more is read of what can wait, such as a file. */
const ROOM_BYTES = 64 * 1024;
/** So long nothing may be taken while something waits. */
export const STALL_MS = 30_000;
/** So often something is sent, so that a client that is gone is noticed. */
const HEARTBEAT_MS = 15_000;

const encoder = new TextEncoder();

export interface OutletOptions {
  /** Said instead of what waits if the reader is too slow. */
  readonly lastWord: string;
  /** Sent when nothing else was for a while; absent: nothing. */
  readonly heartbeat?: string;
  /** The reader has gone, or the end was sent: called once. */
  onOver(): void;
}

export class Outlet {
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly #options: OutletOptions;
  #controller!: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  #waiting: Uint8Array<ArrayBuffer>[] = [];
  #waitingBytes = 0;
  /** The reader wants more, and there is nothing. */
  #pulled: (() => void) | undefined;
  #onRoom: (() => void) | undefined;
  #ending = false;
  #over = false;
  #takenMs = monotonicMs();
  #sentMs = monotonicMs();

  constructor(options: OutletOptions) {
    this.#options = options;
    this.stream = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
      },
      pull: () => this.#pull(),
      cancel: () => this.#finish(),
    }, { highWaterMark: 0 });
  }

  get isOver(): boolean {
    return this.#over || this.#ending;
  }

  /** Sends the text soon. If too much waits already, the reader is dropped. */
  push(text: string): void {
    if (this.isOver) return;
    if (this.#waitingBytes > MAX_WAITING_BYTES) return this.#drop();
    this.#add(text);
  }

  /** The same for what can wait, as `room` says. */
  write(text: string): void {
    if (!this.isOver) this.#add(text);
  }

  /** Resolved when there is room for more. */
  async room(): Promise<void> {
    if (this.isOver || this.#waitingBytes <= ROOM_BYTES) return;
    await new Promise<void>((resolve) => this.#onRoom = resolve);
  }

  /** Ends it, after what waits. */
  end(): void {
    if (this.isOver) return;
    this.#ending = true;
    this.#send();
  }

  /** Now and then: keeps the connection alive. Whether the reader has stalled, and is to be cut off. */
  look(nowMs: number): boolean {
    if (this.#over) return false;
    if (this.#waitingBytes > 0) return nowMs - this.#takenMs > STALL_MS;
    const { heartbeat } = this.#options;
    if (heartbeat !== undefined && nowMs - this.#sentMs > HEARTBEAT_MS) this.push(heartbeat);
    return false;
  }

  #drop(): void {
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#add(this.#options.lastWord);
    this.#ending = true;
    this.#wakeWriter();
  }

  #add(text: string): void {
    const bytes = encoder.encode(text);
    if (this.#waitingBytes === 0) this.#takenMs = monotonicMs();
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#send();
  }

  #pull(): Promise<void> | void {
    this.#takenMs = monotonicMs();
    if (this.#waitingBytes > 0 || this.#ending) return this.#pass();
    return new Promise((resolve) => this.#pulled = resolve);
  }

  #send(): void {
    const pulled = this.#pulled;
    if (pulled === undefined) return;
    this.#pulled = undefined;
    this.#pass();
    pulled();
  }

  /** The reader wants something: it gets all that waits, or the end. */
  #pass(): void {
    if (this.#waitingBytes > 0) {
      const all = new Uint8Array(this.#waitingBytes);
      let at = 0;
      for (const bytes of this.#waiting) {
        all.set(bytes, at);
        at += bytes.length;
      }
      this.#waiting = [];
      this.#waitingBytes = 0;
      this.#sentMs = monotonicMs();
      this.#controller.enqueue(all);
      this.#wakeWriter();
      return;
    }
    this.#controller.close();
    this.#finish();
  }

  #wakeWriter(): void {
    const onRoom = this.#onRoom;
    this.#onRoom = undefined;
    onRoom?.();
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#wakeWriter();
    this.#pulled?.();
    this.#options.onOver();
  }
}
