/**
 * Scans again when names in the scan directory come and go, as runsvdir and svscan do, which look
 * every five seconds: here the kernel tells.
 */
import { startTimer } from "../fifodir/timer.ts";
import { SyscallError } from "../libc/bind.ts";
import {
  IN_ATTRIB,
  IN_CREATE,
  IN_DELETE,
  IN_MOVED_FROM,
  IN_MOVED_TO,
  Inotify,
} from "../libc/inotify.ts";
import type { ScandirProcess } from "./scandir_process.ts";

const CHANGES = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB;
/** A service directory has no ./run yet when it appears. */
const REST_MS = 1000;
/** Where the kernel can't tell. */
const LOOK_EVERY_MS = 5000;

export interface DirectoryWatchOptions {
  readonly path: string;
  /** The letters of s6-svscanctl that are obeyed then. */
  readonly command: string;
}

/** Watches as long as the process lives. */
export function scanOnChange(
  process: ScandirProcess,
  { path, command }: DirectoryWatchOptions,
): void {
  const bytes = Array.from(command, (letter) => letter.charCodeAt(0));
  const scan = (): void => process.scandir.command(...bytes);
  try {
    const inotify = new Inotify();
    const added = inotify.add(path, CHANGES);
    if (added < 0) throw new SyscallError(`watch ${path}`, -added);
    let rest: Disposable | undefined;
    process.poller.watch(inotify.fd, () => {
      inotify.read();
      rest ??= startTimer(REST_MS, () => {
        rest = undefined;
        scan();
      });
    });
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    setInterval(scan, LOOK_EVERY_MS);
  }
}
