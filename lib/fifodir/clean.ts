/** Removing the FIFOs that dead listeners left in a fifodir. Source: s6, libs6/ftrigw_clean.c. */
import { ENXIO } from "../core/linux/errno.ts";
import { isFtrigName } from "../servicedir/core/ftrig_name.ts";
import { SyscallError } from "../libc/bind.ts";
import { openAt, readNames, unlinkAt } from "../libc/directory.ts";
import {
  O_DIRECTORY,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_RDONLY,
  O_WRONLY,
} from "../core/linux/open_flags.ts";
import { close, tryOpen } from "../libc/file.ts";

/**
 * Removes every listener's FIFO that nobody reads.
 *
 * @param maxEntries So many entries are looked at; whoever tells events later removes what this
 *   has left.
 * @throws {SyscallError} If the directory can't be read. One that can't be written keeps its
 *   entries: they do no harm.
 */
export function cleanFifodir(dir: string, maxEntries = Infinity): void {
  const action = `clean up fifodir at ${dir}`;
  const dirFd = tryOpen(dir, O_RDONLY | O_DIRECTORY | O_NONBLOCK);
  if (dirFd < 0) throw new SyscallError(action, -dirFd);
  try {
    let left = maxEntries;
    for (
      let names = readNames(dirFd, () => action);
      names.length > 0 && left > 0;
      names = readNames(dirFd, () => action)
    ) {
      left -= names.length;
      for (const name of names.filter(isFtrigName)) removeIfUnread(dirFd, name);
    }
  } finally {
    close(dirFd);
  }
}

function removeIfUnread(dirFd: number, name: string): void {
  const fd = openAt(dirFd, name, O_WRONLY | O_NONBLOCK | O_NOFOLLOW);
  if (fd >= 0) close(fd);
  else if (fd === -ENXIO) unlinkAt(dirFd, name);
}
