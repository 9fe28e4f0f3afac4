/**
 * Bytes that wait, first in, first out, in blocks of one size that all queues of the process share
 * and use again and again.
 *
 * What a typed array holds lies outside V8's heap, and V8 looks for such arrays that nobody needs
 * any more only when there are 64 MB of them: a buffer that is made anew for everything that has to
 * wait is a leak as long as lines come. Pure.
 */

/** Small, since each queue that isn't empty has one; large enough for one write. */
export const POOL_BLOCK = 1 << 15;
/** Blocks are cut from pieces of memory so large that they can be given back to the kernel. */
const CHUNK = 1 << 20;

type Bytes = Uint8Array<ArrayBuffer>;

/** The blocks: those in use and those that wait for their next use. None is ever given up. */
export class BlockPool {
  readonly #free: Bytes[] = [];
  readonly #chunks: Bytes[] = [];
  #usedBlocks = 0;
  /** Called when the last block in use has come back. */
  onIdle: () => void = () => {};

  get usedBytes(): number {
    return this.#usedBlocks * POOL_BLOCK;
  }

  /** All that the blocks were cut from; nothing in it is of any worth while none is in use. */
  get chunks(): readonly Bytes[] {
    return this.#chunks;
  }

  take(): Bytes {
    if (this.#free.length === 0) this.#addChunk();
    this.#usedBlocks++;
    return this.#free.pop()!;
  }

  #addChunk(): void {
    const chunk = new Uint8Array(CHUNK);
    this.#chunks.push(chunk);
    for (let end = CHUNK; end > 0; end -= POOL_BLOCK) {
      this.#free.push(chunk.subarray(end - POOL_BLOCK, end));
    }
  }

  give(block: Bytes): void {
    this.#free.push(block);
    if (--this.#usedBlocks === 0) this.onIdle();
  }
}

/** The pool of queues without one of their own. */
export const SHARED_POOL = new BlockPool();

export class ByteQueue {
  readonly #pool: BlockPool;
  #blocks: Bytes[] = [];
  /** Where the first byte stands in the first block. */
  #start = 0;
  #length = 0;

  constructor(pool = SHARED_POOL) {
    this.#pool = pool;
  }

  get length(): number {
    return this.#length;
  }

  /** Copies `bytes` behind what is there. */
  append(bytes: Bytes): void {
    for (let at = 0; at < bytes.length;) {
      const end = this.#start + this.#length;
      if (end === this.#blocks.length * POOL_BLOCK) this.#blocks.push(this.#pool.take());
      const offset = end % POOL_BLOCK;
      const piece = bytes.subarray(at, at + POOL_BLOCK - offset);
      this.#blocks.at(-1)!.set(piece, offset);
      at += piece.length;
      this.#length += piece.length;
    }
  }

  /**
   * The first bytes, as many as lie in one block: none only if there are none. Valid until they are
   * dropped.
   */
  first(): Bytes {
    const end = Math.min(this.#start + this.#length, POOL_BLOCK);
    return this.#length === 0 ? new Uint8Array(0) : this.#blocks[0]!.subarray(this.#start, end);
  }

  /**
   * Copies the first bytes to the beginning of `out`: as many as there are, or as fit in. Returns
   * their number.
   */
  copyTo(out: Bytes): number {
    const count = Math.min(out.length, this.#length);
    let copied = 0;
    for (const block of this.#blocks) {
      if (copied >= count) break;
      const start = copied === 0 ? this.#start : 0;
      const piece = block.subarray(start, start + count - copied);
      out.set(piece, copied);
      copied += piece.length;
    }
    return count;
  }

  /** Drops the first `count` bytes. */
  drop(count: number): void {
    this.#start += count;
    this.#length -= count;
    const passed = this.#length === 0 ? this.#blocks.length : Math.floor(this.#start / POOL_BLOCK);
    for (const block of this.#blocks.splice(0, passed)) this.#pool.give(block);
    this.#start = this.#length === 0 ? 0 : this.#start % POOL_BLOCK;
  }

  clear(): void {
    this.drop(this.#length);
  }
}
