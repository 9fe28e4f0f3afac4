/**
 * A number that shows whether two definitions are the same: two 32-bit FNV-1a sums with different
 * starting values, mixed. It protects against accidents, not against attackers, who could write
 * what they want into the definition anyway. Pure.
 */

const PRIME = 0x01000193;

export interface Digest {
  add(bytes: Uint8Array): void;
  addText(text: string): void;
  /** 16 hexadecimal digits. */
  text(): string;
}

export function newDigest(): Digest {
  let one = 0x811c9dc5;
  let other = 0x9747b28c;
  const add = (bytes: Uint8Array): void => {
    for (const byte of bytes) {
      one = Math.imul(one ^ byte, PRIME);
      other = Math.imul(other ^ byte ^ 0x5a, 0x85ebca6b);
      other ^= other >>> 15;
    }
  };
  const encoder = new TextEncoder();
  const hex = (sum: number): string => (sum >>> 0).toString(16).padStart(8, "0");
  return {
    add,
    // the length first, so that the end of one part can't be taken for the beginning of the next
    addText: (text) => add(encoder.encode(`${text.length}:${text}`)),
    text: () => `${hex(one)}${hex(other)}`,
  };
}
