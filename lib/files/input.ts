/**
 * Reading descriptors that were inherited, or files that a user has named: block by block, line by
 * line, or all of it.
 */
import { EAGAIN, EINTR, ENOMEM } from "../core/linux/errno.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { poll, POLLIN } from "../libc/fd.ts";
import { O_NONBLOCK, O_RDONLY } from "../core/linux/open_flags.ts";
import { read, tryOpen } from "../libc/file.ts";
import { writeFully } from "./output.ts";

const FOREVER = -1;
const BLOCK_BYTES = 1 << 16;
const LF = 10;

export interface Input {
  readonly fd: number;
  /** What it is, for messages: `standard input`, or the path. */
  readonly name: string;
}

export function standardInput(fd: number): Input {
  return { fd, name: "standard input" };
}

/**
 * Opens a file for reading. A FIFO that nobody writes into is empty; it is not waited for. @throws
 * {SyscallError} If it can't be opened.
 */
export function openInput(path: string): Input {
  return {
    fd: checked(`open ${path} for reading`, tryOpen(path, O_RDONLY | O_NONBLOCK)),
    name: path,
  };
}

/**
 * Waits for some bytes and reads them. Returns how many; 0 at the end. @throws {SyscallError} If it
 * can't be read.
 */
export function readSome({ fd, name }: Input, buffer: Uint8Array<ArrayBuffer>): number {
  for (;;) {
    const count = read(fd, buffer);
    if (count === -EAGAIN) poll([{ fd, events: POLLIN }], FOREVER);
    else if (count !== -EINTR) return checked(`read ${name}`, count);
  }
}

export interface CopyOptions {
  /** Copy no more bytes than that. */
  readonly limit?: number;
  /** What the writing is, for the message, if it is not that to standard output. */
  readonly action?: string;
}

/**
 * Copies up to the limit, or up to the end. @throws {BrokenPipe | SyscallError} If one end fails.
 */
export function copyInput(
  input: Input,
  outFd: number,
  { limit = Infinity, action }: CopyOptions = {},
): void {
  const buffer = new Uint8Array(BLOCK_BYTES);
  for (let left = limit; left > 0;) {
    const count = readSome(input, left < BLOCK_BYTES ? buffer.subarray(0, left) : buffer);
    if (count === 0) return;
    writeFully(outFd, buffer.subarray(0, count), action);
    left -= count;
  }
}

export interface LineOptions {
  /** The byte that ends a line; a newline if absent. */
  readonly separator?: number;
  /** Called before every read, which may wait: what was made of earlier lines goes out first. */
  readonly beforeRead?: () => void;
}

/**
 * Gives `visit` each line without its end, and whether it had one; only the last may lack it. The
 * bytes are valid until `visit` returns. A line is held in memory as long as it is unfinished,
 * however long that is; nothing else is.
 *
 * @throws {SyscallError} If the input can't be read, or a line is too long for the memory.
 */
export function eachLine(
  input: Input,
  visit: (line: Uint8Array<ArrayBuffer>, ended: boolean) => void,
  options: LineOptions = {},
): void {
  const { separator = LF, beforeRead } = options;
  let buffer = new Uint8Array(BLOCK_BYTES);
  let length = 0; // of the unfinished line that the buffer begins with
  for (;;) {
    if (length === buffer.length) buffer = doubled(buffer, input);
    beforeRead?.();
    const count = readSome(input, buffer.subarray(length));
    if (count === 0) break;
    const filled = buffer.subarray(0, length + count);
    let start = 0;
    for (
      let end = filled.indexOf(separator, length);
      end !== -1;
      end = filled.indexOf(separator, start)
    ) {
      visit(filled.subarray(start, end), true);
      start = end + 1;
    }
    buffer.copyWithin(0, start, filled.length);
    length = filled.length - start;
  }
  if (length > 0) visit(buffer.subarray(0, length), false);
}

/**
 * All that is left of the input. @throws {SyscallError} If it can't be read, or is too much for the
 * memory.
 */
export function readAll(input: Input): Uint8Array<ArrayBuffer> {
  let buffer = new Uint8Array(BLOCK_BYTES);
  for (let length = 0;;) {
    if (length === buffer.length) buffer = doubled(buffer, input);
    const count = readSome(input, buffer.subarray(length));
    if (count === 0) return buffer.subarray(0, length);
    length += count;
  }
}

function doubled(buffer: Uint8Array, { name }: Input): Uint8Array<ArrayBuffer> {
  try {
    const larger = new Uint8Array(2 * buffer.length);
    larger.set(buffer);
    return larger;
  } catch (error) {
    if (error instanceof RangeError) throw new SyscallError(`read ${name}`, ENOMEM);
    throw error;
  }
}
