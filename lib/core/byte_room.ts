/** Output whose size is known only when it is written. Pure. */

/** A buffer that has at least `more` bytes behind the first `used`. */
export function withRoom(buffer: Uint8Array<ArrayBuffer>, used: number, more: number): Uint8Array<ArrayBuffer> {
  if (buffer.length - used >= more) return buffer;
  const larger = new Uint8Array(Math.max(2 * buffer.length, used + more));
  larger.set(buffer.subarray(0, used));
  return larger;
}
