/**
 * Puts a stamp before each line of a stream that comes in pieces. A line whose beginning came with
 * an earlier piece gets none in the middle. Pure.
 */
const LF = 10;
const encoder = new TextEncoder();

export class StampedLines {
  #isAtStart = true;

  /**
   * The piece with a stamp before each line that begins in it; no more than its last lines that fit
   * into `limit` bytes.
   */
  add(piece: Uint8Array, stamp: string, limit: number): Uint8Array<ArrayBuffer> {
    const rest = piece.subarray(Math.max(0, piece.length - limit));
    if (rest.length < piece.length) this.#isAtStart = piece[piece.length - limit - 1] === LF;
    const mark = encoder.encode(`${stamp} `);
    const parts: Uint8Array[] = [];
    let size = 0;
    for (let at = 0; at < rest.length;) {
      const end = rest.indexOf(LF, at) + 1 || rest.length;
      if (this.#isAtStart) {
        parts.push(mark);
        size += mark.length;
      }
      parts.push(rest.subarray(at, end));
      size += end - at;
      this.#isAtStart = rest[end - 1] === LF;
      at = end;
    }
    const bytes = new Uint8Array(size);
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return cutToLines(bytes, limit);
  }
}

/** The last lines that fit; of a line that is longer than that its end. */
function cutToLines(bytes: Uint8Array<ArrayBuffer>, limit: number): Uint8Array<ArrayBuffer> {
  if (bytes.length <= limit) return bytes;
  const from = bytes.length - limit;
  const next = bytes.indexOf(LF, from - 1) + 1;
  return bytes.subarray(next > 0 && next < bytes.length ? next : from);
}
