/** Bytes that are waited for until a time. */
import { EAGAIN, EINTR, ETIMEDOUT } from "../core/linux/errno.ts";
import { POLLIN } from "../libc/fd.ts";
import { read } from "../libc/file.ts";
import { waitFor } from "../unixmessage/conversation.ts";

/** So many bytes, fewer if it is at its end before; or `-errno`: `-ETIMEDOUT`. */
export function readWithin(
  fd: number,
  count: number,
  deadlineMs: number,
): Uint8Array<ArrayBuffer> | number {
  const bytes = new Uint8Array(count);
  for (let length = 0; length < count;) {
    if (!waitFor(fd, POLLIN, deadlineMs)) return -ETIMEDOUT;
    const got = read(fd, bytes.subarray(length));
    if (got === 0) return bytes.subarray(0, length);
    if (got > 0) length += got;
    else if (got !== -EAGAIN && got !== -EINTR) return got;
  }
  return bytes;
}
