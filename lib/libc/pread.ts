/** Reading at an offset. Source: pread(2). */
import { bindLibrary, call } from "./bind.ts";

const libc = bindLibrary({
  pread: {
    parameters: [
      "i32", // int fd
      "buffer", // void *buf
      "usize", // size_t count
      "i64", // off_t offset
    ],
    result: "i32", // counts stay far below 2 GiB
  },
});

/** Reads into `buffer` from `offset` bytes into the file. Returns the number of bytes, 0 at end of file, or `-errno`. */
export function pread(fd: number, buffer: Uint8Array<ArrayBuffer>, offset: number): number {
  return call(libc.pread, fd, buffer, BigInt(buffer.length), BigInt(offset));
}
