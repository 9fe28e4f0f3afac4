/**
 * Input as blocks of whole lines. A line ends at a newline or at a NUL; one that is longer than the
 * limit is cut into several. Pure; works in place where nothing must be inserted. Source: s6-log.c,
 * getchunk.
 */
const LF = 10;
const NUL = 0;

/** Makes a line end of each NUL in `bytes`. */
export function endLinesAtNul(bytes: Uint8Array): void {
  for (let at = bytes.indexOf(NUL); at >= 0; at = bytes.indexOf(NUL, at + 1)) bytes[at] = LF;
}

/** Is a line of `bytes`, or what stands behind the last line end, longer than `limit` bytes? */
export function hasLongLine(bytes: Uint8Array, limit: number): boolean {
  let start = 0;
  while (bytes.length - start > limit) {
    const end = bytes.lastIndexOf(LF, start + limit);
    if (end < start) return true;
    start = end + 1;
  }
  return false;
}

/**
 * A copy of `bytes` in which each line longer than `limit` bytes is cut into lines of `limit` bytes
 * and the rest.
 *
 * @param room Makes the buffer that the copy is written into.
 */
export function cutLongLines(
  bytes: Uint8Array,
  limit: number,
  room: (sizeBytes: number) => Uint8Array<ArrayBuffer> = (sizeBytes) => new Uint8Array(sizeBytes),
): Uint8Array<ArrayBuffer> {
  const out = room(bytes.length + Math.ceil(bytes.length / limit) + 1);
  let length = 0;
  let start = 0;
  while (start < bytes.length) {
    const found = bytes.indexOf(LF, start);
    const end = found < 0 ? bytes.length : found;
    while (end - start > limit) {
      out.set(bytes.subarray(start, start + limit), length);
      length += limit;
      out[length++] = LF;
      start += limit;
    }
    const stop = found < 0 ? end : end + 1;
    out.set(bytes.subarray(start, stop), length);
    length += stop - start;
    start = stop;
  }
  return out.subarray(0, length);
}

/** The number of bytes up to and with the last line end. */
export function wholeLines(bytes: Uint8Array): number {
  return bytes.lastIndexOf(LF) + 1;
}
