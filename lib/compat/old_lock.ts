/**
 * The lock that chpst and daemontools' setlock take: flock(2)'s, which belongs to the open file that
 * the program inherits. s6-setlock's is of another kind, and the two don't see each other.
 */
import { O_APPEND, O_CREAT, O_NONBLOCK, O_WRONLY } from "../core/linux/open_flags.ts";
import { openForChain, type State } from "../execline/state.ts";
import { lockOpenFile } from "../libc/lock.ts";
import { oldChecked } from "./old_failure.ts";

const LOCK_FILE_MODE = 0o600;

export interface OldLockRequest {
  readonly wait: boolean;
  /** What is said before the reason if the file can't be opened, or locked. */
  readonly unable: (doing: "open" | "lock") => string;
}

/** @throws {LinkFailure} If the file can't be locked. */
export function takeOldLock(state: State, file: string, { wait, unable }: OldLockRequest): void {
  const flags = O_WRONLY | O_NONBLOCK | O_APPEND | O_CREAT;
  const fd = oldChecked(unable("open"), openForChain(state, file, flags, LOCK_FILE_MODE));
  oldChecked(unable("lock"), lockOpenFile(fd, { wait }));
  oldChecked(unable("open"), state.fds.add(fd));
}
