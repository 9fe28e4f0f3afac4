/**
 * Whether a block holds a byte: the C library looks at a vector of bytes at a time, the engine of
 * JavaScript at one. Source: memchr(3).
 */
import { bindLibrary } from "./bind.ts";

const libc = bindLibrary({
  memchr: {
    parameters: [
      "buffer", // const void *s
      "i32", // int c
      "usize", // size_t n
    ],
    result: "pointer",
  },
});

export function hasByte(bytes: Uint8Array<ArrayBuffer>, byte: number): boolean {
  return libc.memchr(bytes, byte, BigInt(bytes.length)) !== null;
}
