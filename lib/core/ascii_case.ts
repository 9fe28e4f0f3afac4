/** Letters of ASCII without regard to their case, which is what the C library's comparisons do in the locale C. Pure. */

/** A capital letter as a small one; any other byte as it is. */
export function lowerCase(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}

/** A copy with the capital letters made small. */
export function lowerCaseBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes, lowerCase);
}
