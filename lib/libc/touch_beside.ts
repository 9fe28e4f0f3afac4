/** Finds out whether a file system can be written to, on a thread that may wait for it. Source: utimensat(2). */
import { bindLibrary } from "./bind.ts";
import { encodeCString } from "../core/text/path_bytes.ts";

const beside = bindLibrary({
  utimensat: {
    parameters: [
      "i32", // int dirfd
      "buffer", // const char *path
      "buffer", // const struct timespec times[2]
      "i32", // int flags
    ],
    result: "i32",
    nonblocking: true,
  },
});

/** In place of nanoseconds: now; leave it as it is. */
const UTIME_NOW = 0x3fffffffn;
const UTIME_OMIT = 0x3ffffffen;
/** Access, then modification. Seconds don't matter. */
const TIMES = new BigInt64Array([0n, UTIME_NOW, 0n, UTIME_OMIT]);

/**
 * Sets the time of the last access of `name` in an open directory to now. Resolves when the file
 * system has answered, whatever that was: why it refuses can't be told from there.
 */
export async function touchBeside(dirFd: number, name: string): Promise<void> {
  // SAFETY: both buffers are held by this call until it resolves.
  const path = encodeCString(name);
  await beside.utimensat(dirFd, path, TIMES, 0);
}
