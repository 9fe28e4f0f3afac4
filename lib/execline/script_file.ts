/** Reading a script. */
import { decodePath } from "../core/text/path_bytes.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { O_NOCTTY, O_NONBLOCK, O_RDONLY } from "../core/linux/open_flags.ts";
import { close, read } from "../libc/file.ts";
import { pread } from "../libc/fd.ts";
import { isRegular, tryFstat } from "../libc/stat.ts";
import { NeedsProcess } from "./link_failure.ts";
import { openForChain, type State } from "./state.ts";

const CHUNK_BYTES = 65536;
/** What is larger is no script that anybody has written. */
const MOST_BYTES_HERE = 262144;

/**
 * All bytes of the file `name`.
 *
 * @throws {SyscallError} If it can't be read. @throws {NeedsProcess} If reading it could wait,
 *   and must not.
 */
export function readScript(state: State, name: string): Uint8Array<ArrayBuffer> {
  const fd = openToRead(state, name);
  if (fd < 0) throw new SyscallError(`open ${name} for reading`, -fd);
  try {
    return readToEnd(fd, name);
  } finally {
    close(fd);
  }
}

/**
 * Opens a file that is to be read as a whole. A descriptor, or `-errno`. @throws {NeedsProcess} If
 * that could wait, or take long, and must not.
 */
export function openToRead(state: State, name: string): number {
  const fd = openForChain(
    state,
    name,
    state.mustNotWait ? O_RDONLY | O_NONBLOCK | O_NOCTTY : O_RDONLY,
    0,
  );
  if (fd < 0 || !state.mustNotWait) return fd;
  const file = tryFstat(fd);
  if (typeof file !== "number" && isRegular(file.mode) && file.size <= MOST_BYTES_HERE) return fd;
  close(fd);
  throw new NeedsProcess();
}

/** All that can be read from `fd`. @throws {SyscallError} If that fails. */
export function readToEnd(fd: number, what: string): Uint8Array<ArrayBuffer> {
  return collect(what, (buffer) => read(fd, buffer));
}

/**
 * All that is in the file `fd` from `offset` on, as text that keeps every byte. @throws
 * {SyscallError} If it can't be read.
 */
export function slurpFrom(fd: number, what: string, offset: number): string {
  return decodePath(collect(what, (buffer, total) => pread(fd, buffer, offset + total)));
}

function collect(
  what: string,
  readMore: (buffer: Uint8Array<ArrayBuffer>, total: number) => number,
): Uint8Array<ArrayBuffer> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let total = 0;
  for (;;) {
    const buffer = new Uint8Array(CHUNK_BYTES);
    const count = checked(`read ${what}`, readMore(buffer, total));
    if (count === 0) break;
    chunks.push(buffer.subarray(0, count));
    total += count;
  }
  const all = new Uint8Array(total);
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.length;
  }
  return all;
}

/**
 * All that can be read from `fd`, as text that keeps every byte. @throws {SyscallError} If that
 * fails.
 */
export function slurp(fd: number, what: string): string {
  return decodePath(readToEnd(fd, what));
}
