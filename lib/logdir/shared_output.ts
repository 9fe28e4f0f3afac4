/**
 * A descriptor that lines of one or of many logs go to: standard output, standard error, the
 * console. It may be shared with other processes, so it is never made non-blocking: as long as poll
 * says that there is room, pieces that fit in are written, and what does not fit waits, in the
 * order in which it came. After a write error it is given up for good, as s6-log does. A reader who
 * has taken nothing for a second is stuck: then what a log may do without is left out, counted, and
 * told when he goes on.
 */
import { EAGAIN, EINTR, strerror } from "../core/linux/errno.ts";
import { countByte } from "../core/text/count_byte.ts";
import { ByteQueue } from "./core/byte_queue.ts";

const LF = 10;
/** A reader who takes nothing for so long is stuck. */
const STUCK_MS = 1000;
/** Of what waits, so much is laid out to be written: what an empty pipe takes in one piece. */
const laidOut = new Uint8Array(1 << 15);

export interface OutputWorld {
  /**
   * How much of so many bytes one write would take without waiting: 0 if there is no room now. May
   * be more than there are.
   */
  room(wanted: number): number;
  /** One write. The number of bytes taken, or `-errno`. */
  write(bytes: Uint8Array<ArrayBuffer>): number;
  /** Calls `onRoom` again and again as long as there is room; false if there always is. */
  watch(onRoom: () => void): boolean;
  unwatch(): void;
  later(delayMs: number, callback: () => void): Disposable;
  warn(text: string): void;
}

export interface SinkOptions {
  /**
   * Something of this sink's has been written after it had to wait, or the reader has got stuck.
   */
  onProgress(): void;
  /**
   * Lines may be left out while the reader is stuck; this is what is written instead of so many.
   * Absent: none may.
   */
  leftOut?(count: number): Uint8Array<ArrayBuffer>;
}

/** A stretch of what waits. */
interface Waiting {
  /** Whose it is; absent: it is not wanted any more. */
  sink: OutputSink | undefined;
  length: number;
}

export class SharedOutput {
  readonly #world: OutputWorld;
  readonly #queue = new ByteQueue();
  /** Whose the bytes of the queue are, from its first to its last. */
  #waiting: Waiting[] = [];
  #watching = false;
  #closed = false;
  #stuck = false;
  #progressed = false;
  #stuckTimer: Disposable | undefined;
  /** Sinks of which lines have been left out. */
  readonly #leaving = new Set<OutputSink>();

  constructor(world: OutputWorld) {
    this.#world = world;
  }

  /** What waits has waited for a second, and nothing of it was taken. */
  get isStuck(): boolean {
    return this.#stuck;
  }

  sink(options: SinkOptions): OutputSink {
    return new OutputSink(this, options);
  }

  /** For `OutputSink`: takes `bytes`, which are copied if they have to wait. */
  append(sink: OutputSink, bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#closed) return;
    const rest = this.#waiting.length === 0 ? this.#write(bytes) : bytes;
    if (this.#closed || rest.length === 0) return;
    this.#queue.append(rest);
    const last = this.#waiting.at(-1);
    if (last?.sink === sink) last.length += rest.length;
    else this.#waiting.push({ sink, length: rest.length });
    sink.pendingBytes += rest.length;
    this.#watch(true);
    if (!this.#stuck) this.#stuckTimer ??= this.#watchProgress();
  }

  /** For `OutputSink`: lines of it were left out. */
  leave(sink: OutputSink): void {
    this.#leaving.add(sink);
  }

  #watchProgress(): Disposable {
    this.#progressed = false;
    return this.#world.later(STUCK_MS, () => {
      this.#stuckTimer = undefined;
      if (this.#waiting.length === 0) return;
      if (this.#progressed) {
        this.#stuckTimer = this.#watchProgress();
        return;
      }
      this.#stuck = true;
      for (const sink of this.#waitingSinks()) sink.onProgress();
    });
  }

  #waitingSinks(): Set<OutputSink> {
    return new Set(this.#waiting.flatMap(({ sink }) => sink ?? []));
  }

  #goOn(): void {
    this.#progressed = true;
    if (!this.#stuck) return;
    this.#stuck = false;
    const sinks = [...this.#leaving];
    this.#leaving.clear();
    for (const sink of sinks) sink.tellLeftOut();
  }

  /** For `OutputSink`: drops the waiting lines. */
  drop(sink: OutputSink): void {
    for (const waiting of this.#waiting) if (waiting.sink === sink) waiting.sink = undefined;
    sink.pendingBytes = 0;
    this.#leaving.delete(sink);
    if (this.#waiting.every((waiting) => waiting.sink === undefined)) this.#empty();
  }

  #empty(): void {
    this.#waiting = [];
    this.#queue.clear();
    this.#rest();
  }

  /** Nothing waits any more. */
  #rest(): void {
    this.#watch(false);
    this.#stuckTimer?.[Symbol.dispose]();
    this.#stuckTimer = undefined;
    this.#goOn();
  }

  /** Writes as much as goes now. Returns the rest. */
  #write(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    let rest = bytes;
    while (rest.length > 0) {
      const room = Math.min(this.#world.room(rest.length), rest.length);
      if (room === 0) return rest;
      // whole lines, if one fits in: others may write there too
      const end = rest.subarray(0, room).lastIndexOf(LF) + 1;
      const count = this.#world.write(rest.subarray(0, end > 0 ? end : room));
      if (count === -EAGAIN || count === -EINTR) return rest;
      if (count < 0) {
        this.#giveUp(count);
        return rest;
      }
      rest = rest.subarray(count);
    }
    return rest;
  }

  #watch(wanted: boolean): void {
    if (wanted === this.#watching) return;
    if (!wanted) this.#world.unwatch();
    else if (!this.#world.watch(() => this.#onRoom())) return;
    this.#watching = wanted;
  }

  #onRoom(): void {
    const served = new Set<OutputSink>();
    while (this.#waiting.length > 0 && !this.#closed) {
      const first = this.#waiting[0]!;
      const { sink } = first;
      const bytes = this.#layOut(first.length);
      const rest = sink === undefined ? bytes.subarray(bytes.length) : this.#write(bytes);
      if (this.#closed) return;
      const count = bytes.length - rest.length;
      this.#queue.drop(count);
      first.length -= count;
      if (sink !== undefined && count > 0) {
        sink.pendingBytes -= count;
        this.#goOn();
        served.add(sink);
      }
      if (rest.length > 0) break;
      if (first.length === 0) this.#waiting.shift();
    }
    if (this.#waiting.length === 0) this.#rest();
    for (const sink of served) sink.onProgress();
  }

  /**
   * The first bytes of those that wait, `length` at most, in one piece: whole lines, if one fits
   * in.
   */
  #layOut(length: number): Uint8Array<ArrayBuffer> {
    const bytes = laidOut.subarray(0, this.#queue.copyTo(laidOut.subarray(0, length)));
    const whole = bytes.length < length ? bytes.lastIndexOf(LF) + 1 : 0;
    return whole > 0 ? bytes.subarray(0, whole) : bytes;
  }

  #giveUp(error: number): void {
    this.#world.warn(
      `unable to write to stdout, closing the stream - error was: ${strerror(-error)}`,
    );
    this.#closed = true;
    const sinks = this.#waitingSinks();
    this.#empty();
    for (const sink of sinks) {
      sink.pendingBytes = 0;
      sink.onProgress();
    }
  }
}

/** One log's way into the output. */
export class OutputSink {
  readonly #output: SharedOutput;
  readonly #options: SinkOptions;
  /** Bytes of this log that wait. */
  pendingBytes = 0;
  /** Lines that have been left out since it began. */
  allLeftOut = 0;
  #leftOut = 0;

  constructor(output: SharedOutput, options: SinkOptions) {
    this.#output = output;
    this.#options = options;
  }

  get isStuck(): boolean {
    return this.#output.isStuck;
  }

  /** Bytes that the log has to wait for. */
  get heldBytes(): number {
    return this.#options.leftOut !== undefined && this.isStuck ? 0 : this.pendingBytes;
  }

  onProgress(): void {
    this.#options.onProgress();
  }

  /** @param bytes Whole lines. */
  append(bytes: Uint8Array<ArrayBuffer>): void {
    if (bytes.length === 0) return;
    if (this.#options.leftOut === undefined || !this.isStuck) {
      return this.#output.append(this, bytes);
    }
    const count = countByte(bytes, LF);
    this.#leftOut += count;
    this.allLeftOut += count;
    this.#output.leave(this);
  }

  /** For `SharedOutput`: the reader goes on. */
  tellLeftOut(): void {
    const count = this.#leftOut;
    this.#leftOut = 0;
    if (count > 0) this.append(this.#options.leftOut!(count));
  }

  /** Forgets what waits. */
  drop(): void {
    this.#output.drop(this);
  }
}
