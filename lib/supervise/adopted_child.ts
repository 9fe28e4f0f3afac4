/**
 * A process of our service that is not our child, since an earlier supervisor started it. A pidfd
 * tells its death and carries our signals, so that a reused pid is never taken for it.
 *
 * How it ended is known to its parent, and to holders of a pidfd once the parent has reaped it
 * (Linux 6.15). If the kernel does not tell, the wait status is UNKNOWN_WSTAT.
 */
import { EINVAL, ENOSYS, EPERM } from "../core/linux/errno.ts";
import { UNKNOWN_WSTAT } from "../core/linux/wstat.ts";
import type { Poller } from "../libc/epoll.ts";
import { isReady, POLLIN } from "../libc/fd.ts";
import { close } from "../libc/file.ts";
import { pidfdEnd, pidfdSendGroupSignal, pidfdSendSignal } from "../libc/pidfd.ts";
import { kill } from "../libc/process.ts";

/** How long its parent has time to reap it, before we go on without knowing how it ended. */
const REAPED_WITHIN_MS = 1000;

export interface AdoptedChildOptions {
  /** It is closed here. */
  readonly pidfd: number;
  onDeath(wstat: number): void;
  /** Absent: the kernel is asked. Returns the wait status, or why there is none. */
  endOf?(pidfd: number): ReturnType<typeof pidfdEnd>;
}

export class AdoptedChild {
  readonly #poller: Poller;
  readonly #options: AdoptedChildOptions;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  /** @throws {SyscallError} If the pidfd can't be watched; it is still the caller's then. */
  constructor(poller: Poller, options: AdoptedChildOptions) {
    this.#poller = poller;
    this.#options = options;
    poller.watch(options.pidfd, () => this.#died());
  }

  get pidfd(): number {
    return this.#options.pidfd;
  }

  /** It is dead, and perhaps not yet reaped by its parent. */
  #died(): void {
    const { pidfd, endOf = pidfdEnd } = this.#options;
    const end = endOf(pidfd);
    if (end !== "later") return this.#over(end === "unknown" ? UNKNOWN_WSTAT : end);
    if (this.#patience !== undefined) return; // and the hang-up has not come either
    this.#poller.unwatch(pidfd);
    this.#poller.watch(pidfd, () => this.#died(), { hangup: true });
    this.#patience = setTimeout(() => this.#over(UNKNOWN_WSTAT), REAPED_WITHIN_MS);
  }

  #over(wstat: number): void {
    if (this.#isOver) return;
    this.abandon();
    this.#options.onDeath(wstat);
  }

  /** Lets go of it, dead or alive. */
  abandon(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#patience);
    this.#poller.unwatch(this.#options.pidfd);
    close(this.#options.pidfd);
  }

  /** Sends a signal to the process, or if `pid` is negative to the group that it leads. */
  kill(pid: number, signal: number): void {
    const { pidfd } = this.#options;
    if (pid > 0) return void pidfdSendSignal(pidfd, signal);
    const result = pidfdSendGroupSignal(pidfd, signal);
    if (result !== -EINVAL && result !== -ENOSYS && result !== -EPERM) return;
    // a kernel before 6.9: as long as the leader lives, the group's number is not reused
    if (!isReady(pidfd, POLLIN)) kill(pid, signal);
  }
}
