/**
 * Telling events to everyone who listens in a fifodir.
 *
 * The notifier never waits: an event for a reader whose FIFO is full is lost to that reader. A fifodir may be writable for everybody and the
 * notifier is often root, so an entry is written to only if it is a FIFO itself, not a link to something else.
 * Source: s6, libs6/ftrigw_notifyb_nosig.c; doc/fifodir.html.
 */
import { ENXIO, EPIPE } from "../core/errno.ts";
import { isFtrigName } from "../core/ftrig_name.ts";
import { encodePath } from "../core/path_bytes.ts";
import { SyscallError } from "../libc/bind.ts";
import { close, O_NOFOLLOW, O_NONBLOCK, O_WRONLY, readDirectory, tryOpen, unlink, write } from "../libc/file.ts";
import { fstat, isFifo } from "../libc/stat.ts";

/**
 * Sends the bytes of `events`, in one write, to every listener; entries that nobody reads are removed.
 *
 * @returns How many listeners got them.
 * @throws {SyscallError} If the directory can't be read.
 */
export function notifyFifodir(dir: string, events: string): number {
  const bytes = encodePath(events) as Uint8Array<ArrayBuffer>;
  let reached = 0;
  for (const name of listenerNames(dir)) {
    if (tell(`${dir}/${name}`, bytes)) reached++;
  }
  return reached;
}

function listenerNames(dir: string): string[] {
  try {
    return readDirectory(dir).filter(isFtrigName);
  } catch (error) {
    throw error instanceof SyscallError ? new SyscallError(`notify ${dir}`, error.errno) : error;
  }
}

function tell(path: string, bytes: Uint8Array<ArrayBuffer>): boolean {
  const fd = tryOpen(path, O_WRONLY | O_NONBLOCK | O_NOFOLLOW);
  if (fd === -ENXIO) unlink(path);
  if (fd < 0) return false;
  try {
    if (!isFifo(fstat(fd).mode)) return false;
    const written = write(fd, bytes);
    if (written === -EPIPE) unlink(path);
    return written === bytes.length;
  } finally {
    close(fd);
  }
}
