/** How often a byte occurs: four bytes are looked at together. Pure. */

const EVERY = 0x01010101;
const LOW = 0x7f7f7f7f;
/** So many words are counted before a byte of the sum could overflow. */
const AT_ONCE = 255;

export function countByte(bytes: Uint8Array, byte: number): number {
  const { length, byteOffset } = bytes;
  const head = Math.min(length, -byteOffset & 3);
  const words = (length - head) >> 2;
  let count = countOneByOne(bytes, byte, 0, head);
  const view = new Uint32Array(bytes.buffer, byteOffset + head, words);
  const pattern = Math.imul(byte, EVERY);
  for (let at = 0; at < words;) {
    const end = Math.min(words, at + AT_ONCE);
    let sums = 0;
    for (; at < end; at++) {
      const differs = view[at]! ^ pattern;
      // the highest bit of each byte of `nonzero` says that it differs
      const nonzero = ((differs & LOW) + LOW) | differs;
      sums = (sums + ((~nonzero >>> 7) & EVERY)) | 0;
    }
    count += (sums & 0xff) + ((sums >>> 8) & 0xff) + ((sums >>> 16) & 0xff) + (sums >>> 24);
  }
  return count + countOneByOne(bytes, byte, head + 4 * words, length);
}

function countOneByOne(bytes: Uint8Array, byte: number, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) if (bytes[at] === byte) count++;
  return count;
}
