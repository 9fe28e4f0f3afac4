/** Removing the FIFOs that dead listeners left in a fifodir. Source: s6, libs6/ftrigw_clean.c. */
import { ENXIO } from "../core/errno.ts";
import { isFtrigName } from "../core/ftrig_name.ts";
import { SyscallError } from "../libc/bind.ts";
import { close, O_NOFOLLOW, O_NONBLOCK, O_WRONLY, readDirectory, tryOpen, unlink } from "../libc/file.ts";

/**
 * Removes every listener's FIFO that nobody reads.
 *
 * @throws {SyscallError} If the directory can't be read. One that can't be written keeps its entries: they do no harm.
 */
export function cleanFifodir(dir: string): void {
  for (const name of listenerNames(dir)) {
    const path = `${dir}/${name}`;
    const fd = tryOpen(path, O_WRONLY | O_NONBLOCK | O_NOFOLLOW);
    if (fd >= 0) close(fd);
    else if (fd === -ENXIO) unlink(path);
  }
}

function listenerNames(dir: string): string[] {
  try {
    return readDirectory(dir).filter(isFtrigName);
  } catch (error) {
    throw error instanceof SyscallError ? new SyscallError(`clean up fifodir at ${dir}`, error.errno) : error;
  }
}
