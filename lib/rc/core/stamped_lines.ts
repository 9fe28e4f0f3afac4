/**
 * Puts a stamp before each line of a stream that arrives in pieces. If a piece begins in the middle
 * of a line, that part gets no stamp. Pure.
 */
const LF = 10;
const BLANK = 32;
const encoder = new TextEncoder();

export class StampedLines {
  #isAtStart = true;

  /**
   * Writes the piece to `into`, with the stamp and a blank before each line that begins in it. If
   * there is no room for all, it keeps the last lines that fit, or the end of the last line.
   * Returns the number of bytes.
   *
   * @param stamp ASCII
   */
  add(piece: Uint8Array, stamp: string, into: Uint8Array): number {
    if (piece.length === 0) return 0;
    const mark = stamp.length + 1;
    const from = this.#firstThatFits(piece, mark, into.length);
    const wasAtStart = this.#isAtStart;
    this.#isAtStart = piece[piece.length - 1] === LF;
    if (from === piece.length) {
      const end = piece.subarray(Math.max(0, piece.length - into.length));
      into.set(end);
      return end.length;
    }
    let size = 0;
    for (let at = from; at < piece.length;) {
      const end = piece.indexOf(LF, at) + 1 || piece.length;
      if (at > 0 || wasAtStart) {
        encoder.encodeInto(stamp, into.subarray(size));
        into[size + mark - 1] = BLANK;
        size += mark;
      }
      into.set(piece.subarray(at, end), size);
      size += end - at;
      at = end;
    }
    return size;
  }

  /** Where the lines begin that all fit; the piece's end if not even the last line fits. */
  #firstThatFits(piece: Uint8Array, mark: number, limit: number): number {
    let from = piece.length;
    for (let size = 0; from > 0;) {
      const begin = from < 2 ? 0 : piece.lastIndexOf(LF, from - 2) + 1;
      size += from - begin + (begin > 0 || this.#isAtStart ? mark : 0);
      if (size > limit) return from;
      from = begin;
    }
    return from;
  }
}
