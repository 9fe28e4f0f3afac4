/**
 * A descriptor that lines of one or of many logs go to: standard output, standard error, the console. It may be shared with other processes,
 * so it is never made non-blocking: as long as poll says that there is room, pieces that fit in are written, and what does not fit waits, in
 * the order in which it came. After a write error it is given up for good, as s6-log does.
 */
import { EAGAIN, EINTR, EPERM, strerror } from "../core/errno.ts";
import { SyscallError } from "../libc/bind.ts";
import type { Poller } from "../libc/epoll.ts";
import { isReady, POLLOUT } from "../libc/fd.ts";
import { write } from "../libc/file.ts";

/** What a pipe takes without blocking, and in one piece, when poll says that it has room. */
const PIPE_BUF = 4096;
const LF = 10;

export interface OutputWorld {
  /** How much one write would take without waiting: 0 if there is no room now. */
  room(): number;
  /** One write. The number of bytes taken, or `-errno`. */
  write(bytes: Uint8Array<ArrayBuffer>): number;
  /** Calls `onRoom` again and again as long as there is room; false if there always is. */
  watch(onRoom: () => void): boolean;
  unwatch(): void;
  warn(text: string): void;
}

interface Waiting {
  readonly sink: OutputSink;
  bytes: Uint8Array<ArrayBuffer>;
}

export class SharedOutput {
  readonly #world: OutputWorld;
  #waiting: Waiting[] = [];
  #watching = false;
  #closed = false;

  constructor(world: OutputWorld) {
    this.#world = world;
  }

  /** @param onProgress Called when something of this sink's has been written after it had to wait. */
  sink(onProgress: () => void): OutputSink {
    return new OutputSink(this, onProgress);
  }

  /** For `OutputSink`: takes `bytes`, which are copied if they have to wait. */
  append(sink: OutputSink, bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#closed) return;
    const rest = this.#waiting.length === 0 ? this.#write(bytes) : bytes;
    if (this.#closed || rest.length === 0) return;
    this.#waiting.push({ sink, bytes: rest.slice() });
    sink.pendingBytes += rest.length;
    this.#watch(true);
  }

  /** For `OutputSink`: what waits of it is not written any more. */
  drop(sink: OutputSink): void {
    this.#waiting = this.#waiting.filter((waiting) => waiting.sink !== sink);
    sink.pendingBytes = 0;
    if (this.#waiting.length === 0) this.#watch(false);
  }

  /** Writes as much as goes now. Returns the rest. */
  #write(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    let rest = bytes;
    while (rest.length > 0) {
      const room = Math.min(this.#world.room(), rest.length);
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
      const rest = this.#write(first.bytes);
      if (this.#closed) return;
      first.sink.pendingBytes -= first.bytes.length - rest.length;
      served.add(first.sink);
      first.bytes = rest;
      if (rest.length > 0) break;
      this.#waiting.shift();
    }
    if (this.#waiting.length === 0) this.#watch(false);
    for (const sink of served) sink.onProgress();
  }

  #giveUp(error: number): void {
    this.#world.warn(`unable to write to stdout, closing the stream - error was: ${strerror(-error)}`);
    this.#closed = true;
    const sinks = new Set(this.#waiting.map(({ sink }) => sink));
    this.#waiting = [];
    this.#watch(false);
    for (const sink of sinks) {
      sink.pendingBytes = 0;
      sink.onProgress();
    }
  }
}

/** One log's way into the output. */
export class OutputSink {
  readonly #output: SharedOutput;
  readonly onProgress: () => void;
  /** Bytes of this log that wait. */
  pendingBytes = 0;

  constructor(output: SharedOutput, onProgress: () => void) {
    this.#output = output;
    this.onProgress = onProgress;
  }

  append(bytes: Uint8Array<ArrayBuffer>): void {
    if (bytes.length > 0) this.#output.append(this, bytes);
  }

  /** Forgets what waits. */
  drop(): void {
    if (this.pendingBytes > 0) this.#output.drop(this);
  }
}

/** The world of a descriptor of this process. Regular files always have room, and can't be watched for it. */
export function descriptorOutput(fd: number, poller: Poller, warn: (text: string) => void): OutputWorld {
  return {
    room: () => isReady(fd, POLLOUT) ? PIPE_BUF : 0,
    write: (bytes) => write(fd, bytes),
    watch: (onRoom) => {
      try {
        poller.watch(fd, onRoom, { writing: true });
        return true;
      } catch (error) {
        if (error instanceof SyscallError && error.errno === EPERM) return false;
        throw error;
      }
    },
    unwatch: () => poller.unwatch(fd),
    warn,
  };
}
