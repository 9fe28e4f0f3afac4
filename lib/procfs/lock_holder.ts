/** Which program holds the lock of a supervisor. Source: fcntl(2), proc(5). */
import { O_NOCTTY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } from "../core/linux/open_flags.ts";
import { SyscallError } from "../libc/bind.ts";
import { close, readlink, tryOpen } from "../libc/file.ts";
import { lockHolder } from "../libc/lock.ts";

/** How C's supervisor is called; all of ours are one program, whatever they are called by. */
const C_SUPERVISOR = "s6-supervise";

/**
 * Is that process the `s6-supervise` of C s6? No, also where this user may not know.
 *
 * @param pid 0 for a process of another PID namespace
 */
export function isCSupervisor(pid: number): boolean {
  const program = readlink(`/proc/${pid}/exe`);
  if (typeof program !== "string") return false;
  return program.replace(/ \(deleted\)$/, "").split("/").at(-1) === C_SUPERVISOR;
}

/** Does C's supervisor hold that lock? */
export function isHeldByC(lock: string): boolean {
  const fd = tryOpen(lock, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
  if (fd < 0) return false;
  try {
    const pid = lockHolder(fd);
    return pid !== undefined && isCSupervisor(pid);
  } catch (error) {
    if (error instanceof SyscallError) return false;
    throw error;
  } finally {
    close(fd);
  }
}
