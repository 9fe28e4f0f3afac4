/**
 * Keeps the last lines of services without a logger in memory, and sends them to those who ask.
 *
 * Nobody waits for a reader: each has one packet under way, and reads on in the ring when there is
 * room for the next; what was overwritten meanwhile is missing to him, and he sees it. So a reader
 * costs one packet, however slow he is. Beyond the most readers the oldest has to go.
 */
import { startTimer } from "../fifodir/timer.ts";
import {
  decodeKeptRequest,
  heldAnswer,
  helloAnswer,
  type KeptRequest,
  linesAnswer,
  MOST_LINES,
  nameAnswer,
} from "../keptoutput/core/kept_protocol.ts";
import { type Lines, OutputRing, RingBudget } from "../keptoutput/core/output_ring.ts";
import type { Poller } from "../libc/epoll.ts";
import { close } from "../libc/file.ts";
import { Channel } from "./channel.ts";

/** What is kept of a service. */
const MOST_OF_ONE = 1 << 16;
/** And of all together, but for the smallest ring of each. */
const MOST_IN_ALL = 1 << 23;
const MOST_READERS = 32;
/** Who has not asked by then is not going to. */
const ASK_MS = 10_000;

export interface Kept {
  readonly number: number;
  readonly name: string;
  readonly ring: OutputRing;
}

export class OutputReaders {
  readonly #poller: Pick<Poller, "watch" | "unwatch">;
  readonly #host: string;
  readonly #kept = new Map<string, Kept>();
  readonly #budget = new RingBudget(MOST_IN_ALL);
  readonly #readers = new Set<OutputReader>();
  #lastNumber = 0;

  /** @param host What tells this process from every other that has been or will be */
  constructor(poller: Pick<Poller, "watch" | "unwatch">, host: string) {
    this.#poller = poller;
    this.#host = host;
  }

  /** All that is kept. */
  get all(): Iterable<Kept> {
    return this.#kept.values();
  }

  get usedBytes(): number {
    return this.#budget.usedBytes;
  }

  get readerCount(): number {
    return this.#readers.size;
  }

  /** @param stamp What is put before each line, with its blank */
  keep(name: string, lines: Lines, stamp: Uint8Array): void {
    let kept = this.#kept.get(name);
    if (kept === undefined) {
      const ring = new OutputRing(this.#budget, MOST_OF_ONE);
      kept = { number: ++this.#lastNumber, name, ring };
      this.#kept.set(name, kept);
    }
    kept.ring.add(lines, stamp);
    for (const reader of this.#readers) reader.onKept(kept);
  }

  /** The service is gone. */
  forget(name: string): void {
    this.#kept.get(name)?.ring.clear();
    this.#kept.delete(name);
  }

  /** Serves whoever is at the other end. @throws {SyscallError} If the socket can't be watched. */
  take(fd: number): void {
    const [oldest] = this.#readers;
    if (oldest !== undefined && this.#readers.size >= MOST_READERS) oldest.close();
    try {
      const reader: OutputReader = new OutputReader(fd, this.#poller, {
        all: () => this.all,
        host: this.#host,
        onClose: () => this.#readers.delete(reader),
      });
      this.#readers.add(reader);
    } catch (error) {
      close(fd);
      throw error;
    }
  }
}

interface Source {
  all(): Iterable<Kept>;
  readonly host: string;
  onClose(): void;
}

/** One who asks. */
class OutputReader {
  readonly #source: Source;
  readonly #channel: Channel;
  readonly #patience: Disposable;
  #request: KeptRequest | undefined;
  /** The offset of the next byte of each service that has been named. */
  readonly #next = new Map<Kept, number>();
  /** Where what was kept ended when it was asked for. */
  readonly #heldEnds = new Map<Kept, number>();
  /** Those that have more than was sent. */
  readonly #behind = new Set<Kept>();
  #isHeld = false;
  #isOver = false;

  constructor(fd: number, poller: Pick<Poller, "watch" | "unwatch">, source: Source) {
    this.#source = source;
    this.#channel = new Channel(fd, poller, {
      onPacket: (packet, fds) => {
        fds.forEach(close);
        this.#ask(packet);
      },
      onRoom: () => this.#send(),
      onEnd: () => this.close(),
    });
    this.#patience = startTimer(ASK_MS, () => this.#request ?? this.close());
  }

  #ask(packet: Uint8Array): void {
    if (this.#request !== undefined) return this.close();
    try {
      this.#request = decodeKeptRequest(packet);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return this.close();
    }
    for (const kept of this.#source.all()) {
      this.#heldEnds.set(kept, kept.ring.end);
      this.#behind.add(kept);
    }
    this.#channel.send(helloAnswer(this.#source.host), [], 0);
    this.#send();
  }

  onKept(kept: Kept): void {
    if (!this.#isHeld || this.#request?.follow !== true) return;
    this.#behind.add(kept);
    this.#send();
  }

  /** Sends as long as nothing has to wait: what was kept, and then what has come since. */
  #send(): void {
    while (this.#behind.size > 0) {
      for (const kept of this.#behind) {
        if (this.#isOver || this.#channel.unsentCount > 0) return;
        if (!this.#sendSome(kept)) this.#behind.delete(kept);
      }
    }
    if (this.#isHeld || this.#isOver || this.#request === undefined) return;
    this.#isHeld = true;
    this.#heldEnds.clear();
    this.#channel.send(heldAnswer(), [], 0);
    for (const kept of this.#source.all()) this.onKept(kept);
  }

  /** Returns whether there is more of it. */
  #sendSome(kept: Kept): boolean {
    const { ring, number, name } = kept;
    const end = this.#heldEnds.get(kept) ?? ring.end;
    let next = this.#next.get(kept);
    if (next === undefined) {
      const lines = this.#isHeld ? undefined : this.#request?.lines;
      next = lines === undefined ? ring.begin : ring.tail(lines);
      this.#next.set(kept, next);
      this.#channel.send(nameAnswer(number, name), [], 0);
      return next < end;
    }
    const from = Math.max(next, ring.begin);
    const to = Math.max(from, Math.min(end, from + MOST_LINES));
    if (to > from) this.#channel.send(linesAnswer(number, from, ring.copy(from, to)), [], 0);
    this.#next.set(kept, to);
    return to < end;
  }

  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#patience[Symbol.dispose]();
    this.#channel.close();
    this.#source.onClose();
  }
}
