/** The beginning of an input, by lines. */
import { type Input, readSome } from "./input.ts";
import { writeFully } from "./output.ts";

const LF = 10;
const BLOCK_BYTES = 1 << 16;

export interface HeadOptions {
  /** Read no byte beyond the last line, so that somebody else can go on there. */
  readonly exact: boolean;
}

/**
 * Copies the first `count` lines, or all if there are fewer. @throws {BrokenPipe | SyscallError} If
 * one end fails.
 */
export function copyFirstLines(
  input: Input,
  outFd: number,
  count: number,
  { exact }: HeadOptions,
): void {
  const buffer = new Uint8Array(BLOCK_BYTES);
  for (let left = count; left > 0;) {
    // a line has at least one byte, so that many can't be too many
    const read = readSome(input, exact && left < BLOCK_BYTES ? buffer.subarray(0, left) : buffer);
    if (read === 0) return;
    let end = 0;
    while (end < read && left > 0) {
      const newline = buffer.subarray(0, read).indexOf(LF, end);
      end = newline < 0 ? read : newline + 1;
      if (newline >= 0) left--;
    }
    writeFully(outFd, buffer.subarray(0, end));
  }
}
