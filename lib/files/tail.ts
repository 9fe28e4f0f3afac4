/**
 * The end of an input: what comes after so many lines or bytes, or the last so many of them. Only
 * what may still be needed is held in memory. A last line without newline counts as one.
 */
import { copyInput, type Input, readSome } from "./input.ts";
import { writeFully } from "./output.ts";

const LF = 10;
const BLOCK_BYTES = 1 << 16;

/** Copies all but the first `count` lines. @throws {BrokenPipe | SyscallError} If one end fails. */
export function copyAfterLines(input: Input, outFd: number, count: number): void {
  const buffer = new Uint8Array(BLOCK_BYTES);
  for (let left = count; left > 0;) {
    const read = readSome(input, buffer);
    if (read === 0) return;
    const block = buffer.subarray(0, read);
    let start = 0;
    for (
      let newline = block.indexOf(LF);
      newline !== -1 && left > 0;
      newline = block.indexOf(LF, start)
    ) {
      start = newline + 1;
      left--;
    }
    if (left === 0) writeFully(outFd, block.subarray(start));
  }
  copyInput(input, outFd);
}

/** Copies all but the first `count` bytes. @throws {BrokenPipe | SyscallError} If one end fails. */
export function copyAfterBytes(input: Input, outFd: number, count: number): void {
  const buffer = new Uint8Array(BLOCK_BYTES);
  for (let left = count; left > 0;) {
    const read = readSome(input, left < BLOCK_BYTES ? buffer.subarray(0, left) : buffer);
    if (read === 0) return;
    left -= read;
  }
  copyInput(input, outFd);
}

/**
 * Copies the last `count` lines, or all if there are fewer. @throws {BrokenPipe | SyscallError} If
 * one end fails.
 */
export function copyLastLines(input: Input, outFd: number, count: number): void {
  const kept = new KeptEnd();
  // one newline more than lines: that which ends the line before them
  while (kept.read(input)) kept.drop((oldest) => kept.newlines - oldest.newlines > count);
  let bytes = 0; // at the end, that belong to the lines
  let newlines = count + (kept.endsWith(LF) ? 1 : 0); // from the end, before which the lines begin
  for (const block of kept.blocks.toReversed()) {
    if (block.newlines >= newlines) {
      if (newlines > 0) bytes += block.length - nthFromEnd(block, newlines) - 1;
      break;
    }
    newlines -= block.newlines;
    bytes += block.length;
  }
  kept.writeLast(bytes, outFd);
}

/**
 * Copies the last `count` bytes, or all if there are fewer. @throws {BrokenPipe | SyscallError} If
 * one end fails.
 */
export function copyLastBytes(input: Input, outFd: number, count: number): void {
  const kept = new KeptEnd();
  while (kept.read(input)) kept.drop((oldest) => kept.bytes - oldest.length >= count);
  kept.writeLast(count, outFd);
}

interface Block {
  readonly buffer: Uint8Array<ArrayBuffer>;
  length: number;
  newlines: number;
}

/** What was read last of an input, in blocks. */
class KeptEnd {
  readonly blocks: Block[] = [];
  bytes = 0;
  newlines = 0;

  /** Reads some more; false at the end of the input. */
  read(input: Input): boolean {
    let block = this.blocks.at(-1);
    if (block === undefined || block.length === BLOCK_BYTES) {
      block = { buffer: new Uint8Array(BLOCK_BYTES), length: 0, newlines: 0 };
      this.blocks.push(block);
    }
    const count = readSome(input, block.buffer.subarray(block.length));
    const newlines = countByte(block.buffer.subarray(block.length, block.length + count), LF);
    block.length += count;
    block.newlines += newlines;
    this.bytes += count;
    this.newlines += newlines;
    return count > 0;
  }

  /** Forgets blocks from the beginning, as long as `isNeedless` says so of the oldest. */
  drop(isNeedless: (oldest: Block) => boolean): void {
    for (
      let [oldest] = this.blocks;
      oldest !== undefined && isNeedless(oldest);
      [oldest] = this.blocks
    ) {
      this.blocks.shift();
      this.bytes -= oldest.length;
      this.newlines -= oldest.newlines;
    }
  }

  endsWith(byte: number): boolean {
    const last = this.blocks.findLast(({ length }) => length > 0);
    return last !== undefined && last.buffer[last.length - 1] === byte;
  }

  writeLast(count: number, outFd: number): void {
    let skip = Math.max(0, this.bytes - count);
    for (const { buffer, length } of this.blocks) {
      if (skip < length) writeFully(outFd, buffer.subarray(skip, length));
      skip = Math.max(0, skip - length);
    }
  }
}

/** Where the newline stands that is the `n`th from the end of the block. */
function nthFromEnd({ buffer, length }: Block, n: number): number {
  let at = length;
  for (let left = n; left > 0; left--) at = buffer.lastIndexOf(LF, at - 1);
  return at;
}

function countByte(bytes: Uint8Array, byte: number): number {
  let count = 0;
  for (let at = bytes.indexOf(byte); at !== -1; at = bytes.indexOf(byte, at + 1)) count++;
  return count;
}
