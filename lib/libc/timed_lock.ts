/**
 * Waiting for a lock, but not for ever.
 *
 * The wait is a call on another thread; a record lock belongs to the process, so it is ours whichever thread took it, and survives exec.
 * Source: fcntl(2).
 */
import { EDEADLK } from "../core/errno.ts";
import { bindLibrary, SyscallError } from "./bind.ts";
import { lockFd } from "./lock.ts";

const F_SETLKW = 7;
const F_RDLCK = 0;
const F_WRLCK = 1;
const SIZEOF_FLOCK = 32;
const MAX_DELAY_MS = 0x7fffffff;

const libc = bindLibrary({
  fcntl: {
    parameters: [
      "i32", // int fd
      "i32", // int cmd
      "buffer", // struct flock *lock
    ],
    result: "i32",
    nonblocking: true,
  },
});

/**
 * Locks the file behind `fd`, waiting up to `timeoutMs`. False if the time was up: the process should end soon then, for the wait goes on behind
 * its back and may still get the lock.
 *
 * @throws {SyscallError} If the file can't be locked at all.
 */
export async function lockFdWithin(fd: number, options: { readonly exclusive: boolean; readonly timeoutMs: number }): Promise<boolean> {
  const { exclusive, timeoutMs } = options;
  if (lockFd(fd, { exclusive, wait: false })) return true;
  // SAFETY: this frame holds the record until the call has returned or the process ends.
  const record = new Uint8Array(SIZEOF_FLOCK);
  record[0] = exclusive ? F_WRLCK : F_RDLCK;
  using limit = timeLimit(timeoutMs);
  const result = await Promise.race([libc.fcntl(fd, F_SETLKW, record), limit.over]);
  if (result === undefined) return false;
  if (result === 0) return true;
  // The error number stayed on the other thread. Without a signal handler there is only one error left that a second try does not show.
  if (lockFd(fd, { exclusive, wait: false })) return true;
  throw new SyscallError("lock", EDEADLK);
}

/** A promise that is kept after `timeoutMs`. The runtime's timers take 31 bits of milliseconds, s6's timeouts have 32. */
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
