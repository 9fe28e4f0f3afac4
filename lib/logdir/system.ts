/** The log directory's port on libc, and the lock that keeps two loggers out of one directory. */
import type { LogdirSettings } from "./core/log_control.ts";
import { EBUSY, strerror } from "../core/linux/errno.ts";
import { NEWSTATE, PREVIOUS, PROCESSED, STATE } from "./core/rotation.ts";
import { formatTai64n } from "../core/time/tain.ts";
import { wexitstatus, wifsignaled, wtermsig } from "../core/linux/wstat.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { wallclock } from "../libc/clock.ts";
import { syncBeside } from "../libc/durable_file.ts";
import { fchmod } from "../libc/entry.ts";
import { isHeldHere, noteHeld, releaseHeld } from "../libc/held_lock.ts";
import { dupAbove } from "../libc/fd.ts";
import { O_APPEND, O_CREAT, O_RDONLY, O_WRONLY } from "../core/linux/open_flags.ts";
import { close, umask, write } from "../libc/file.ts";
import { lockFd } from "../libc/lock.ts";
import { spawn } from "../libc/spawn.ts";
import { fstat, isNameless, type Stat } from "../libc/stat.ts";
import type { Reaper } from "../processes/reaper.ts";
import { startTimer } from "../fifodir/timer.ts";
import { HeldLogdir } from "./held_logdir.ts";
import type { LogdirPort, LogFileStat } from "./port.ts";

const LOCK = "lock";
const OWNER_EXECUTE = 0o100;

/**
 * The processor's descriptors are 0, 1, 4 and 5; ours are kept above them until they are copied
 * there.
 */
const ABOVE_PROCESSOR_FDS = 10;

class SystemLogdirPort implements LogdirPort {
  readonly #path: string;
  #directory: HeldLogdir;
  /**
   * Never closed while its file is the lock: closing any descriptor of it would give the lock up.
   */
  #lockFd = -1;
  #lockKey = "";
  readonly #world: LogWorld;
  readonly #mode: number;

  constructor(path: string, world: LogWorld) {
    this.#path = path;
    this.#world = world;
    const mask = umask(0);
    umask(mask);
    this.#mode = 0o666 & ~mask;
    this.#directory = this.#enter();
    try {
      this.#lock(this.#directory);
    } catch (error) {
      this.#directory.close();
      throw error;
    }
  }

  #enter(): HeldLogdir {
    const { directoryFd } = this.#world;
    return new HeldLogdir(this.#path, {
      ...(directoryFd === undefined ? {} : { directoryFd }),
      stamp: () => this.stamp(),
      warn: (text) => this.warn(text),
    });
  }

  stat(name: string): LogFileStat | undefined {
    return this.#directory.stat(name);
  }

  unlink(name: string): void {
    this.#directory.unlink(name);
  }

  link(from: string, to: string): void {
    this.#directory.link(from, to);
  }

  rename(from: string, to: string): void {
    this.#directory.rename(from, to);
  }

  openAppend(name: string): number {
    return this.#directory.open(name, O_WRONLY | O_APPEND | O_CREAT);
  }

  truncate(name: string): void {
    close(this.#directory.create(name));
  }

  close(fd: number): void {
    close(fd);
  }

  isRemoved(fd: number): boolean {
    return isNameless(fd);
  }

  claim(): void {
    const directory = this.#enter();
    try {
      this.#lock(directory);
    } catch (error) {
      directory.close();
      throw error;
    }
    this.#directory.close();
    this.#directory = directory;
  }

  /** Takes the lock there, and gives up the one that is held elsewhere. */
  #lock(directory: HeldLogdir): void {
    const found = directory.record(LOCK);
    if (this.#lockFd >= 0 && isSameFile(fstat(this.#lockFd), found)) return;
    if (isHeldHere(found)) throw this.#busy();
    const fd = directory.open(LOCK, O_WRONLY | O_CREAT);
    if (!lockFd(fd, { exclusive: true, wait: false })) {
      close(fd);
      throw this.#busy();
    }
    this.#unlock();
    this.#lockFd = fd;
    this.#lockKey = noteHeld(fd);
  }

  #busy(): SyscallError {
    return new SyscallError(
      `lock ${this.#path}/${LOCK}`,
      EBUSY,
      "another logger writes there; give each its own directory",
    );
  }

  #unlock(): void {
    if (this.#lockFd < 0) return;
    releaseHeld(this.#lockKey);
    close(this.#lockFd);
    this.#lockFd = -1;
  }

  unclaim(): void {
    this.#unlock();
    this.#directory.close();
  }

  setFinished(fd: number, finished: boolean): void {
    const mode = this.#mode | (finished ? OWNER_EXECUTE : 0);
    checked(`change the mode of descriptor ${fd}`, fchmod(fd, mode));
  }

  write(fd: number, bytes: Uint8Array<ArrayBuffer>): number {
    return checked(`write to ${this.#path}/current`, write(fd, bytes));
  }

  sync(fd: number): Promise<boolean> {
    return syncBeside(fd);
  }

  list(): readonly string[] {
    return this.#directory.list();
  }

  stamp(): string {
    return formatTai64n(wallclock());
  }

  process(command: string, shell: boolean): Promise<string | undefined> {
    const fds: [number, number][] = [];
    const give = (number: number, open: () => number): number =>
      fds.push([number, outOfTheWay(open())]);
    try {
      const argv = shell ? ["/bin/sh", "-c", command] : ["execlineb", "-Pc", command];
      const directory = this.#directory;
      give(0, () => directory.open(PREVIOUS, O_RDONLY));
      give(1, () => directory.create(PROCESSED));
      give(4, () => directory.open(STATE, O_RDONLY | O_CREAT));
      give(5, () => directory.create(NEWSTATE));
      const pid = spawn({ path: argv[0]!, argv, fds, directory: directory.fd, searchPath: true });
      if (pid < 0) {
        return Promise.resolve(`unable to spawn processor ${argv[0]}: ${strerror(-pid)}`);
      }
      return new Promise((resolve) =>
        this.#world.reaper.own(pid, (wstat) => resolve(processorFailure(wstat)))
      );
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      return Promise.resolve(error.message);
    } finally {
      for (const [, fd] of fds) close(fd);
    }
  }

  later(delayMs: number, callback: () => void): Disposable {
    return startTimer(delayMs, callback);
  }

  warn(text: string): void {
    this.#world.warn(text);
  }
}

/** @throws {SyscallError} If there is no descriptor left. */
function outOfTheWay(fd: number): number {
  const above = dupAbove(fd, ABOVE_PROCESSOR_FDS);
  close(fd);
  return checked("move a descriptor of the processor", above);
}

function isSameFile(held: Stat, found: Stat | number): boolean {
  return typeof found !== "number" && found.dev === held.dev && found.ino === held.ino;
}

function processorFailure(wstat: number): string | undefined {
  if (wifsignaled(wstat)) return `processor crashed (signal ${wtermsig(wstat)})`;
  const code = wexitstatus(wstat);
  return code === 0 ? undefined : `processor failed (exit code ${code})`;
}

/** What all log directories of a logger share. */
export interface LogWorld {
  readonly reaper: Reaper;
  /**
   * The directory in which relative paths are meant; absent: the process's, which then never
   * changes.
   */
  readonly directoryFd?: number;
  warn(text: string): void;
}

/**
 * Creates the directory of `settings` if it is not there (its parent must be), and locks it until
 * it is given up.
 *
 * @throws {SyscallError} If that fails, or another logger has it.
 */
export function takeLogdir({ path }: LogdirSettings, world: LogWorld): LogdirPort {
  return new SystemLogdirPort(path, world);
}
