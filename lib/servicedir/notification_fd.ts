/**
 * The descriptor on which a service tells its supervisor that it is ready. Source: s6,
 * doc/notifywhenup.html.
 */
import { firstLine, parseUint } from "../core/linux/config_file.ts";
import { ENOENT } from "../core/linux/errno.ts";
import { SyscallError } from "../libc/bind.ts";
import type { Poller } from "../libc/epoll.ts";
import { write } from "../libc/file.ts";
import { isWritingEnd } from "../libc/replace_descriptors.ts";
import { readSmallFile } from "../libc/small_file.ts";

const MAX_FILE = 64;
const NEWLINE = Uint8Array.of(10);

/**
 * The number in `notification-fd` of the service directory that is the current one; undefined if
 * the file holds none.
 *
 * @throws {SyscallError} If there is no such file, or it can't be read.
 */
export function readNotificationFd(): number | undefined {
  const bytes = readSmallFile("notification-fd", MAX_FILE);
  if (bytes === undefined) throw new SyscallError("read ./notification-fd", ENOENT);
  return parseUint(firstLine(bytes));
}

/** Tells readiness. If nobody reads any more there is nobody to tell. */
export function notifyReadiness(fd: number): void {
  write(fd, NEWLINE);
}

/**
 * Calls `onGone` when the supervisor has closed its end of the pipe: the service is dead, or ready
 * by its own account. Returns false if `fd` is not the writing end of a pipe, which can't be
 * watched for that.
 */
export function watchSupervisorEnd(poller: Poller, fd: number, onGone: () => void): boolean {
  if (!isWritingEnd(fd)) return false;
  // a writing end is never readable, so whatever epoll reports of it is the error that the last
  // reader leaves
  poller.watch(fd, () => {
    poller.unwatch(fd);
    onGone();
  });
  return true;
}
