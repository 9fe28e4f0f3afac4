/**
 * s6-logwatch: prints `current` of a log directory from its beginning, and what is appended, across
 * rotations. Source: s6-linux-utils, doc/s6-logwatch.html, s6-logwatch.c.
 *
 * A rotation renames `current` and makes a new one. The file that is open stays so until the new
 * one is there, so nothing at its end is lost; of two rotations between two looks only the last is
 * seen, as C's document warns.
 */
import { ENOENT } from "../core/linux/errno.ts";
import { O_NONBLOCK, O_RDONLY } from "../core/linux/open_flags.ts";
import { copyInput, type Input } from "../files/input.ts";
import { BrokenPipe } from "../files/output.ts";
import { checked } from "../libc/bind.ts";
import { poll, POLLIN } from "../libc/fd.ts";
import { close, tryOpen } from "../libc/file.ts";
import { IN_CREATE, IN_MODIFY, IN_MOVED_TO, IN_ONLYDIR, Inotify } from "../libc/inotify.ts";
import { CURRENT } from "../logdir/core/rotation.ts";

const FOREVER = -1;
const CHANGES = IN_CREATE | IN_MOVED_TO | IN_MODIFY | IN_ONLYDIR;

/**
 * Goes on until nobody reads `outputFd` any more.
 *
 * @throws {SyscallError} If the directory or the file can't be read.
 */
export function watchCurrent(logdir: string, outputFd: number): void {
  using inotify = new Inotify();
  checked(`watch ${logdir}`, inotify.add(logdir, CHANGES));
  const path = `${logdir}/${CURRENT}`;
  let current = openCurrent(path);
  try {
    for (;;) {
      if (current !== undefined) copyInput(current, outputFd);
      const ready = [{ fd: inotify.fd, events: POLLIN }, { fd: outputFd, events: 0 }];
      if (poll(ready, FOREVER)[1] !== 0) return;
      const isNew = inotify.read().some(({ name, mask }) =>
        name === CURRENT && (mask & IN_MODIFY) === 0
      );
      if (!isNew) continue;
      if (current !== undefined) {
        copyInput(current, outputFd);
        close(current.fd);
      }
      current = openCurrent(path);
    }
  } catch (error) {
    if (!(error instanceof BrokenPipe)) throw error;
  } finally {
    if (current !== undefined) close(current.fd);
  }
}

/** Undefined if there is none now, as in the middle of a rotation. */
function openCurrent(path: string): Input | undefined {
  const fd = tryOpen(path, O_RDONLY | O_NONBLOCK);
  return fd === -ENOENT ? undefined : { fd: checked(`open ${path}`, fd), name: path };
}
