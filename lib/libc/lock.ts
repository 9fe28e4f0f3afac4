/**
 * POSIX record locks over a whole file, the kind that s6 takes on `supervise/lock` (Deno's own are flock(2) locks, which those don't see).
 * Such a lock belongs to the process, survives exec, and is lost when the process closes ANY descriptor of that file.
 * Source: skalibs, fd_lock and fd_islocked.
 */
import { EACCES, EAGAIN, EINTR } from "../core/errno.ts";
import { bindLibrary, call, checked } from "./bind.ts";

const F_GETLK = 5;
const F_SETLK = 6;
const F_SETLKW = 7;
const F_RDLCK = 0;
const F_WRLCK = 1;
const F_UNLCK = 2;

const libc = bindLibrary({
  fcntl: {
    parameters: [
      "i32", // int fd
      "i32", // int cmd
      "buffer", // struct flock *lock
    ],
    result: "i32",
  },
});

/** struct flock: short type, short whence (0: from the start), off_t start, off_t len (0: to the end), pid_t pid. */
function flockRecord(type: number): Uint8Array<ArrayBuffer> {
  const record = new Uint8Array(32);
  record[0] = type;
  return record;
}

/**
 * Locks the file behind `fd`. Returns false if somebody else holds it and `wait` is off.
 *
 * @throws {SyscallError} For any other failure.
 */
export function lockFd(fd: number, options: { readonly exclusive: boolean; readonly wait: boolean }): boolean {
  const record = flockRecord(options.exclusive ? F_WRLCK : F_RDLCK);
  for (;;) {
    const result = call(libc.fcntl, fd, options.wait ? F_SETLKW : F_SETLK, record);
    if (result === -EINTR) continue;
    if (!options.wait && (result === -EACCES || result === -EAGAIN)) return false;
    checked("lock", result);
    return true;
  }
}

/** Does another process hold a lock on the file behind `fd`? */
export function isLocked(fd: number): boolean {
  const record = flockRecord(F_RDLCK);
  checked("read the lock", call(libc.fcntl, fd, F_GETLK, record));
  return record[0] !== F_UNLCK;
}
