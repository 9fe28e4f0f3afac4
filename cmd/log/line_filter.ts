/**
 * Standard input to standard output, line by line, in blocks: what s6-tai64n, s6-tai64nlocal and
 * ucspilogd have in common.
 *
 * All whole lines that one read brings go out before the next read, so nobody waits for a line that
 * is there. An unfinished line waits for its end and is held in memory, however long it is.
 */
import { readSome, standardInput } from "../../lib/files/input.ts";
import { writeFully } from "../../lib/files/output.ts";
import type { Context } from "../context.ts";

const LF = 10;
const BLOCK_BYTES = 1 << 18;

export interface LineFilter {
  /** What to do to new input before lines are looked for. */
  readonly prepare?: (bytes: Uint8Array<ArrayBuffer>) => void;
  /** The output for whole lines, each with its newline. */
  readonly lines: (block: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;
  /** The output for a last line without newline. */
  readonly rest: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;
}

/**
 * Runs until the end of input. @throws {BrokenPipe | SyscallError} If standard input can't be read,
 * or standard output not written.
 */
export function filterLines(context: Context, { prepare, lines, rest }: LineFilter): void {
  const input = standardInput(context.stdin);
  let buffer = new Uint8Array(BLOCK_BYTES);
  let length = 0; // of the unfinished line that the buffer begins with
  for (;;) {
    if (length === buffer.length) buffer = doubled(buffer);
    const count = readSome(input, buffer.subarray(length));
    if (count === 0) break;
    const fresh = buffer.subarray(length, length + count);
    prepare?.(fresh);
    const newline = fresh.lastIndexOf(LF);
    const end = newline < 0 ? 0 : length + newline + 1;
    length += count;
    if (end === 0) continue;
    writeFully(context.stdout, lines(buffer.subarray(0, end)));
    buffer.copyWithin(0, end, length);
    length -= end;
  }
  if (length > 0) writeFully(context.stdout, rest(buffer.subarray(0, length)));
}

function doubled(buffer: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(2 * buffer.length);
  larger.set(buffer);
  return larger;
}
