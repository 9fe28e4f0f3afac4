/**
 * Puts a stamp before each line of a stream that comes in pieces. A line whose beginning came with
 * an earlier piece gets none in the middle. Pure.
 */
const LF = 10;
const BLANK = 32;
const encoder = new TextEncoder();

export class StampedLines {
  #isAtStart = true;

  /**
   * Lays the piece out in `into`, with the stamp and a blank before each line that begins in it:
   * the last lines that fit; of one that is longer than that, its end. Returns how many bytes that
   * are.
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

  /** Where the first line begins from which on all fit; the piece's end if not even the last does. */
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
