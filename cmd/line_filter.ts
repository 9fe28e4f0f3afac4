/**
 * Standard input to standard output, line by line, in blocks: what s6-tai64n, s6-tai64nlocal and ucspilogd have in common.
 *
 * All whole lines that one read brings go out before the next read, so nobody waits for a line that is there. An unfinished line waits for
 * its end and is held in memory, however long it is. When nobody reads the output any more, the process dies of SIGPIPE as a C filter does.
 */
import { EAGAIN, EINTR, EPIPE } from "../lib/core/errno.ts";
import { SIGPIPE } from "../lib/core/signals.ts";
import { checked } from "../lib/libc/bind.ts";
import { dieOf } from "../lib/libc/disposition.ts";
import { poll, POLLIN, POLLOUT } from "../lib/libc/fd.ts";
import { read, write } from "../lib/libc/file.ts";

const STDIN = 0;
const STDOUT = 1;
const LF = 10;
const BLOCK_BYTES = 1 << 18;
const FOREVER = -1;

export interface LineFilter {
  /** What to do to new input before lines are looked for. */
  readonly prepare?: (bytes: Uint8Array<ArrayBuffer>) => void;
  /** The output for whole lines, each with its newline. */
  readonly lines: (block: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;
  /** The output for a last line without newline. */
  readonly rest: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;
}

/** Runs until the end of input. @throws {SyscallError} If standard input can't be read, or standard output not written. */
export function filterLines({ prepare, lines, rest }: LineFilter): void {
  let buffer = new Uint8Array(BLOCK_BYTES);
  let length = 0; // of the unfinished line that the buffer begins with
  for (;;) {
    if (length === buffer.length) buffer = doubled(buffer);
    const count = readInput(buffer.subarray(length));
    if (count === 0) break;
    const fresh = buffer.subarray(length, length + count);
    prepare?.(fresh);
    const newline = fresh.lastIndexOf(LF);
    const end = newline < 0 ? 0 : length + newline + 1;
    length += count;
    if (end === 0) continue;
    writeOutput(lines(buffer.subarray(0, end)));
    buffer.copyWithin(0, end, length);
    length -= end;
  }
  if (length > 0) writeOutput(rest(buffer.subarray(0, length)));
}

function doubled(buffer: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(2 * buffer.length);
  larger.set(buffer);
  return larger;
}

function readInput(buffer: Uint8Array<ArrayBuffer>): number {
  for (;;) {
    const count = read(STDIN, buffer);
    if (count === -EAGAIN) poll([{ fd: STDIN, events: POLLIN }], FOREVER);
    else if (count !== -EINTR) return checked("read from stdin", count);
  }
}

function writeOutput(bytes: Uint8Array<ArrayBuffer>): void {
  for (let rest = bytes; rest.length > 0;) {
    const count = write(STDOUT, rest);
    if (count === -EPIPE) dieOf(SIGPIPE);
    if (count === -EAGAIN) poll([{ fd: STDOUT, events: POLLOUT }], FOREVER);
    else if (count !== -EINTR) rest = rest.subarray(checked("write to stdout", count));
  }
}
