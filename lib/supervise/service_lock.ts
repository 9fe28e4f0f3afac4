/**
 * The lock file that a service with `lock-fd` holds against a second instance of itself. Source:
 * s6-supervise(8), lock-fd.
 */
import { fstat } from "../libc/stat.ts";
import { O_CREAT, O_WRONLY } from "../core/linux/open_flags.ts";
import { close, ftruncate } from "../libc/file.ts";
import { isLocked } from "../libc/lock.ts";
import { openFile } from "../libc/wary_open.ts";

export const SERVICE_LOCK = "supervise/service-lock";

/**
 * Opens it, and warns about what an earlier instance has left. The process must be in the service
 * directory.
 *
 * @throws {SyscallError} If it can't be opened.
 */
export function openServiceLock(warn: (text: string) => void): number {
  const fd = openFile(SERVICE_LOCK, O_WRONLY | O_CREAT, { mode: 0o666 });
  try {
    const { size, links } = fstat(fd);
    if (size > 0) {
      if (links === 1) ftruncate(fd, 0); // otherwise it may be another service's file
      warn("a previous instance of the service wrote to the lock file!");
    }
    if (isLocked(fd)) warn("another instance of the service is already running, child will block");
    return fd;
  } catch (error) {
    close(fd);
    throw error;
  }
}
