/**
 * The lines of a file from its last to its first, read in blocks from the end: what is not asked
 * for is not read.
 */
import { checked } from "../libc/bind.ts";
import { pread } from "../libc/fd.ts";

const BLOCK_BYTES = 65536;
const LF = 10;

export interface LineAt {
  /** Without its newline. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where it begins. */
  readonly offset: number;
}

/**
 * The lines of the first `sizeBytes` of a file, the last one first, whether it is finished or not.
 * A line of more than `longest` bytes is cut: its beginning is left out.
 *
 * @throws {SyscallError} If the file can't be read.
 */
export function* linesBackward(
  fd: number,
  sizeBytes: number,
  longest: number,
): Generator<LineAt> {
  let end = sizeBytes; // of what has not been read
  let rest = new Uint8Array(0); // what has been read and not been given out; begins at `end`
  let skipped = false; // the beginning of a line that was too long
  let first = true;
  while (end > 0) {
    const block = new Uint8Array(Math.min(BLOCK_BYTES, end));
    const count = checked("read", pread(fd, block, end - block.length));
    if (count < block.length) return; // cut meanwhile
    const joined = new Uint8Array(block.length + rest.length);
    joined.set(block);
    joined.set(rest, block.length);
    end -= block.length;
    let upTo = joined.length;
    if (first && joined[upTo - 1] === LF) upTo--;
    first = false;
    for (
      let newline = newlineBefore(joined, upTo);
      newline >= 0;
      newline = newlineBefore(joined, upTo)
    ) {
      if (!skipped) yield { bytes: joined.subarray(newline + 1, upTo), offset: end + newline + 1 };
      skipped = false;
      upTo = newline;
    }
    rest = joined.slice(0, upTo);
    if (rest.length <= longest) continue;
    if (!skipped) yield { bytes: rest.slice(-longest), offset: end + rest.length - longest };
    skipped = true;
    rest = rest.slice(0, 0);
  }
  if (sizeBytes > 0 && !skipped) yield { bytes: rest, offset: 0 };
}

/** The last newline before `at`, or -1. */
function newlineBefore(bytes: Uint8Array, at: number): number {
  return at === 0 ? -1 : bytes.lastIndexOf(LF, at - 1); // a negative index would count from the end
}
