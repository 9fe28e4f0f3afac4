/**
 * Ends what a dead ./run has left: every living process in its session and its process group gets a
 * signal, and so do those that they start meanwhile, until none is left. It waits for their deaths,
 * one process at a time, and looks again after each. No other process is ever signalled: a pidfd
 * holds the process while its pid is checked, so the pid can't be reused in between.
 */
import { ENOSYS, EPERM, ESRCH, strerror } from "../core/linux/errno.ts";
import type { ProcessStat } from "../core/linux/process_stat.ts";
import { SIGCONT, SIGKILL } from "../core/linux/signals.ts";
import { SyscallError } from "../libc/bind.ts";
import type { Poller } from "../libc/epoll.ts";
import { close } from "../libc/file.ts";
import { pidfdOpen, pidfdSendSignal } from "../libc/pidfd.ts";
import { kill } from "../libc/process.ts";
import { readProcess } from "../procfs/processes.ts";
import type { SweepListener } from "./port.ts";
import type { ProcessTable } from "./process_table.ts";

/** Poll interval without pidfds: the kernel has none, or no descriptors are left. */
const LOOK_AGAIN_MS = 100;

export interface SweepWorld {
  readonly poller: Poller;
  readonly processes: ProcessTable;
}

export interface SweepOptions {
  /** The pid that ./run had. */
  readonly id: number;
  readonly onLeftovers: SweepListener;
  /** The owner of the leftovers, for warnings; absent: ./run. */
  readonly whose?: string;
  warn(text: string): void;
  /** An unexpected exception occurred. The leftovers are left alone then. */
  onMishap(error: unknown): void;
}

function isSame(one: ProcessStat, other: ProcessStat | undefined): boolean {
  return one.startTicks === other?.startTicks && one.session === other.session &&
    one.group === other.group;
}

export class Sweep {
  readonly #world: SweepWorld;
  readonly #options: SweepOptions;
  #signal = 0;
  /** The signal that each process has been sent; the key is pid and start time. */
  #told = new Map<string, number>();
  /** Processes that we may not signal. */
  readonly #untouchable = new Set<string>();
  #watchedFd = -1;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  constructor(world: SweepWorld, options: SweepOptions) {
    this.#world = world;
    this.#options = options;
  }

  /** Sends this signal to leftovers from now on. */
  send(signal: number): void {
    this.#signal = signal;
    this.#look();
  }

  stop(): void {
    this.#isOver = true;
    this.#unwatch();
  }

  get #whose(): string {
    return this.#options.whose ?? "./run";
  }

  #unwatch(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#watchedFd < 0) return;
    this.#world.poller.unwatch(this.#watchedFd);
    close(this.#watchedFd);
    this.#watchedFd = -1;
  }

  /**
   * Guards calls from the runtime. Whatever happens, the listener is told of the end of the sweep.
   */
  #guard(attempt: () => void): void {
    if (this.#isOver) return;
    try {
      attempt();
    } catch (error) {
      this.#options.onMishap(error);
      this.#options.onLeftovers(0);
    }
  }

  #look(): void {
    this.#unwatch();
    this.#world.processes.findMembers(
      this.#options.id,
      (members) => this.#guard(() => this.#found(members)),
    );
  }

  #found(members: readonly ProcessStat[] | undefined): void {
    if (members === undefined) {
      this.#options.warn(
        `unable to look for what ${this.#whose} has left: there is no /proc of this PID namespace (mount one)`,
      );
      return this.#options.onLeftovers(0);
    }
    for (const member of members) this.#tell(member);
    const living = members.filter((member) => !this.#untouchable.has(keyOf(member)));
    if (living.length > 0) this.#watch(living);
    this.#options.onLeftovers(living.length);
  }

  #tell(member: ProcessStat): void {
    const key = keyOf(member);
    if (this.#untouchable.has(key) || this.#told.get(key) === this.#signal) return;
    this.#told.set(key, this.#signal);
    const result = this.#signalSurely(member);
    if (result >= 0 || result === -ESRCH) return;
    this.#untouchable.add(key);
    this.#options.warn(
      `unable to signal process ${member.pid}, which ${this.#whose} has left: ${
        strerror(-result)
      } (leaving it alone)`,
    );
  }

  #signalSurely(member: ProcessStat): number {
    const signals = this.#signal === SIGKILL ? [SIGKILL] : [this.#signal, SIGCONT];
    const fd = pidfdOpen(member.pid);
    if (fd === -ESRCH) return fd;
    try {
      if (!isSame(member, readProcess(member.pid))) return -ESRCH;
      return Math.min(...signals.map((signal) => signalBy(fd, member.pid, signal)));
    } finally {
      if (fd >= 0) close(fd);
    }
  }

  /** Looks again after one of them has died. */
  #watch(living: readonly ProcessStat[]): void {
    this.#unwatch();
    for (const member of living) {
      const fd = pidfdOpen(member.pid);
      if (fd < 0) continue;
      try {
        this.#world.poller.watch(fd, () => this.#guard(() => this.#look()));
        this.#watchedFd = fd;
        return;
      } catch (error) {
        close(fd);
        if (!(error instanceof SyscallError)) throw error;
      }
    }
    this.#timer = setTimeout(() => this.#guard(() => this.#look()), LOOK_AGAIN_MS);
  }
}

/**
 * Signals a process that was just checked. If a seccomp filter forbids the safe call (ENOSYS, or
 * EPERM, which may also be about the process), uses kill.
 */
function signalBy(pidfd: number, pid: number, signal: number): number {
  const result = pidfd < 0 ? -ENOSYS : pidfdSendSignal(pidfd, signal);
  return result === -ENOSYS || result === -EPERM ? kill(pid, signal) : result;
}

function keyOf({ pid, startTicks }: ProcessStat): string {
  return `${pid}:${startTicks}`;
}
