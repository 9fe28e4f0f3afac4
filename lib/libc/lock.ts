/**
 * POSIX record locks over a whole file, the kind that s6 takes on `supervise/lock` (Deno's own are
 * flock(2) locks, which those don't see). Such a lock belongs to the process, survives exec, and is
 * lost when the process closes ANY descriptor of that file. Source: skalibs, fd_lock and
 * fd_islocked.
 *
 * A wait that must not last for ever is a call on another thread: the lock is the process's,
 * whichever thread took it. Source: fcntl(2).
 *
 * Also flock(2)'s locks, which runit and daemontools take: they belong to the open file, and neither
 * kind sees the other.
 */
import { MAX_DELAY_MS } from "../core/time/longest_delay.ts";
import { EACCES, EAGAIN, EDEADLK, EINTR } from "../core/linux/errno.ts";
import { bindLibrary, call, checked, SyscallError } from "./bind.ts";

const F_GETLK = 5;
const F_SETLK = 6;
const F_SETLKW = 7;
const F_RDLCK = 0;
const F_WRLCK = 1;
const F_UNLCK = 2;
const SIZEOF_FLOCK = 32;
const PID_OFFSET = 24;

const FCNTL_PARAMETERS = [
  "i32", // int fd
  "i32", // int cmd
  "buffer", // struct flock *lock
] as const;

const LOCK_EX = 2;
const LOCK_NB = 4;

const libc = bindLibrary({
  fcntl: { parameters: FCNTL_PARAMETERS, result: "i32" },
  flock: { parameters: ["i32", "i32"], result: "i32" },
});

/** The same call on a thread of its own. */
const elsewhere = bindLibrary({
  fcntl: { parameters: FCNTL_PARAMETERS, result: "i32", nonblocking: true },
});

/**
 * struct flock: short type, short whence (0: from the start), off_t start, off_t len (0: to the
 * end), pid_t pid.
 */
function flockRecord(type: number): Uint8Array<ArrayBuffer> {
  const record = new Uint8Array(SIZEOF_FLOCK);
  record[0] = type;
  return record;
}

/**
 * Locks the file behind `fd`. Returns false if somebody else holds it and `wait` is off.
 *
 * @throws {SyscallError} For any other failure.
 */
export function lockFd(
  fd: number,
  options: { readonly exclusive: boolean; readonly wait: boolean },
): boolean {
  const record = flockRecord(options.exclusive ? F_WRLCK : F_RDLCK);
  for (;;) {
    const result = call(libc.fcntl, fd, options.wait ? F_SETLKW : F_SETLK, record);
    if (result === -EINTR) continue;
    if (!options.wait && (result === -EACCES || result === -EAGAIN)) return false;
    checked("lock", result);
    return true;
  }
}

/**
 * The process that holds a lock on the file behind `fd`, other than this one; `undefined`: none. 0
 * if it is in another PID namespace.
 */
export function lockHolder(fd: number): number | undefined {
  const record = flockRecord(F_RDLCK);
  checked("read the lock", call(libc.fcntl, fd, F_GETLK, record));
  if (record[0] === F_UNLCK) return undefined;
  return new DataView(record.buffer).getInt32(PID_OFFSET, true);
}

/** Does another process hold a lock on the file behind `fd`? */
export function isLocked(fd: number): boolean {
  return lockHolder(fd) !== undefined;
}

/**
 * Locks the file behind `fd`, waiting up to `timeoutMs`. False if the time was up: the process
 * should end soon then, for the wait goes on behind its back and may still get the lock.
 *
 * @throws {SyscallError} If the file can't be locked at all.
 */
export async function lockFdWithin(
  fd: number,
  options: { readonly exclusive: boolean; readonly timeoutMs: number },
): Promise<boolean> {
  const { exclusive, timeoutMs } = options;
  if (lockFd(fd, { exclusive, wait: false })) return true;
  // SAFETY: this frame holds the record until the call has returned or the process ends.
  const record = flockRecord(exclusive ? F_WRLCK : F_RDLCK);
  using limit = timeLimit(timeoutMs);
  const result = await Promise.race([elsewhere.fcntl(fd, F_SETLKW, record), limit.over]);
  if (result === undefined) return false;
  if (result === 0) return true;
  // The error number stayed on the other thread. Without a signal handler there is only one error
  // left that a second try does not show.
  if (lockFd(fd, { exclusive, wait: false })) return true;
  throw new SyscallError("lock", EDEADLK);
}

/**
 * A promise that is kept after `timeoutMs`. The runtime's timers take 31 bits of milliseconds, s6's
 * timeouts have 32.
 */
function timeLimit(timeoutMs: number): Disposable & { readonly over: Promise<undefined> } {
  const { promise: over, resolve } = Promise.withResolvers<undefined>();
  let timer: ReturnType<typeof setTimeout>;
  const arm = (leftMs: number): void => {
    const stepMs = Math.min(leftMs, MAX_DELAY_MS);
    timer = setTimeout(() => leftMs > stepMs ? arm(leftMs - stepMs) : resolve(undefined), stepMs);
  };
  arm(timeoutMs);
  return { over, [Symbol.dispose]: () => clearTimeout(timer) };
}

/** Takes flock(2)'s lock on the file behind `fd`, for itself alone. 0, or `-errno`. */
export function lockOpenFile(fd: number, { wait }: { readonly wait: boolean }): number {
  for (;;) {
    const result = call(libc.flock, fd, wait ? LOCK_EX : LOCK_EX | LOCK_NB);
    if (result !== -EINTR) return result;
  }
}
