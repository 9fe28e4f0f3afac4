/**
 * The last lines that a service has written, each behind a stamp: a ring of bytes that grows from
 * nothing to a limit. A byte has the same offset for ever: how many were kept before it. What is
 * kept begins and ends with a line. Pure.
 */

const LF = 10;
const SMALLEST = 1 << 12;
const NOTHING = new Uint8Array(0);

/** A block of whole lines: where each begins, and behind the last one the length. */
export interface Lines {
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly count: number;
}

/** The memory that rings have together. The smallest size is granted to each of them. */
export class RingBudget {
  readonly #most: number;
  #usedBytes = 0;

  constructor(mostBytes: number) {
    this.#most = mostBytes;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** May a ring grow by that much? */
  grant(bytes: number, isFirst: boolean): boolean {
    if (!isFirst && this.#usedBytes + bytes > this.#most) return false;
    this.#usedBytes += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#usedBytes -= bytes;
  }
}

export class OutputRing {
  readonly #budget: RingBudget;
  readonly #limit: number;
  #ring = NOTHING;
  #begin = 0;
  #end = 0;

  /** @param limit Bytes, SMALLEST at least */
  constructor(budget: RingBudget, limit: number) {
    this.#budget = budget;
    this.#limit = limit;
  }

  /** The offset of the oldest byte that is kept. */
  get begin(): number {
    return this.#begin;
  }

  /** The offset of the next byte. */
  get end(): number {
    return this.#end;
  }

  /**
   * Keeps the last of these lines that fit; of one that is longer than all there is, its beginning.
   *
   * @param stamp What stands before each line, with its blank
   */
  add({ bytes, starts, count }: Lines, stamp: Uint8Array): void {
    if (count === 0) return;
    const all = starts[count]! - starts[0]! + count * stamp.length;
    this.#grow(Math.min(this.#limit, this.#end - this.#begin + all));
    const capacity = this.#ring.length;
    let first = count;
    let size = 0;
    while (first > 0) {
      const more = starts[first]! - starts[first - 1]! + stamp.length;
      if (size + more > capacity) break;
      size += more;
      first--;
    }
    if (first === count) {
      const line = bytes.subarray(starts[count - 1]!, starts[count]!);
      this.#evict(capacity);
      this.#put(stamp);
      this.#put(line.subarray(0, capacity - stamp.length - 1));
      return this.#put(new Uint8Array([LF]));
    }
    this.#evict(size);
    for (let i = first; i < count; i++) {
      this.#put(stamp);
      this.#put(bytes.subarray(starts[i]!, starts[i + 1]!));
    }
  }

  /** Doubles the ring until so much has room, or no more is granted. */
  #grow(wanted: number): void {
    let size = this.#ring.length;
    while (size < wanted) {
      const next = Math.min(this.#limit, Math.max(SMALLEST, 2 * size));
      if (!this.#budget.grant(next - size, size === 0)) break;
      size = next;
    }
    if (size === this.#ring.length) return;
    const kept = this.copy(this.#begin, this.#end);
    this.#ring = new Uint8Array(size);
    this.#end = this.#begin;
    this.#put(kept);
  }

  /** Drops whole lines from the beginning until so much has room. */
  #evict(size: number): void {
    const least = this.#end + size - this.#ring.length;
    if (least > this.#begin) this.#begin = this.#afterLine(least - 1);
  }

  /** The offset behind the first line end at `from` or after it. */
  #afterLine(from: number): number {
    const capacity = this.#ring.length;
    for (let at = from; at < this.#end;) {
      const start = at % capacity;
      const length = Math.min(capacity - start, this.#end - at);
      const found = this.#ring.subarray(start, start + length).indexOf(LF);
      if (found >= 0) return at + found + 1;
      at += length;
    }
    return this.#end;
  }

  #put(piece: Uint8Array): void {
    const start = this.#end % this.#ring.length;
    const head = piece.subarray(0, this.#ring.length - start);
    this.#ring.set(head, start);
    this.#ring.set(piece.subarray(head.length), 0);
    this.#end += piece.length;
  }

  /** The bytes from one offset to another, which must be kept. */
  copy(from: number, to: number): Uint8Array<ArrayBuffer> {
    const copied = new Uint8Array(to - from);
    for (let at = from; at < to;) {
      const start = at % this.#ring.length;
      const piece = this.#ring.subarray(start, Math.min(this.#ring.length, start + to - at));
      copied.set(piece, at - from);
      at += piece.length;
    }
    return copied;
  }

  /** Where the last `count` lines begin. */
  tail(count: number): number {
    let at = this.#end;
    for (let left = count; left > 0 && at > this.#begin; left--) at = this.#lineBegin(at - 1);
    return at;
  }

  /** The offset behind the last line end before `end`. */
  #lineBegin(end: number): number {
    for (let at = end; at > this.#begin; at--) {
      if (this.#ring[(at - 1) % this.#ring.length] === LF) return at;
    }
    return this.#begin;
  }

  /** Gives all of it back. */
  clear(): void {
    this.#budget.giveBack(this.#ring.length);
    this.#ring = NOTHING;
    this.#begin = this.#end;
  }
}
