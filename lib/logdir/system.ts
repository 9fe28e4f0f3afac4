/** The log directory's port on libc, and the lock that keeps two loggers out of one directory. */
import type { LogdirSettings } from "../core/log_control.ts";
import { EBUSY, EEXIST, ENOENT, strerror } from "../core/errno.ts";
import { NEWSTATE, PREVIOUS, PROCESSED, STATE } from "../core/rotation.ts";
import { formatTai64n } from "../core/tain.ts";
import { wexitstatus, wifsignaled, wtermsig } from "../core/wstat.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { wallclock } from "../libc/clock.ts";
import { fchmod, link, syncBeside } from "../libc/durable_file.ts";
import { dupAbove } from "../libc/fd.ts";
import {
  close,
  fchdir,
  mkdir,
  O_APPEND,
  O_CREAT,
  O_RDONLY,
  O_TRUNC,
  O_WRONLY,
  open,
  readDirectory,
  rename,
  umask,
  unlink,
  write,
} from "../libc/file.ts";
import { lockFd } from "../libc/lock.ts";
import { spawn } from "../libc/spawn.ts";
import type { Stat } from "../libc/stat.ts";
import { fstat, isNameless, stat, tryStat } from "../libc/stat.ts";
import type { Reaper } from "../supervise/reaper.ts";
import { startTimer } from "../fifodir/timer.ts";
import type { LogdirPort, LogFileStat } from "./port.ts";

const LOCK = "lock";
const LOGDIR_MODE = 0o2700;
const OWNER_EXECUTE = 0o100;
/**
 * The lock files that this process holds. A process's own POSIX locks never conflict with each other, and closing a
 * second descriptor of the file would drop the first one's lock: so a lock file that is held is not even opened.
 */
const heldLocks = new Set<string>();

/** The processor's descriptors are 0, 1, 4 and 5; ours are kept above them until they are copied there. */
const ABOVE_PROCESSOR_FDS = 10;

class SystemPort implements LogdirPort {
  readonly #path: string;
  /** Never closed while its file is the lock: closing any descriptor of it would give the lock up. */
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
  }

  /** The path of a file, which is meant in the directory that this has entered. */
  #at(name: string): string {
    this.#enter();
    return `${this.#path}/${name}`;
  }

  #enter(): void {
    const { directoryFd } = this.#world;
    if (directoryFd !== undefined && !this.#path.startsWith("/")) fchdir(directoryFd);
  }

  stat(name: string): LogFileStat | undefined {
    const found = tryStat(this.#at(name));
    if (found === -ENOENT) return undefined;
    const { mode, size, links } = typeof found === "number" ? stat(this.#at(name)) : found;
    return { executable: (mode & OWNER_EXECUTE) !== 0, size, links };
  }

  unlink(name: string): void {
    const result = unlink(this.#at(name));
    if (result !== -ENOENT) checked(`unlink ${this.#at(name)}`, result);
  }

  link(from: string, to: string): void {
    link(this.#at(from), this.#at(to));
  }

  rename(from: string, to: string): void {
    checked(`rename ${this.#at(from)} to ${to}`, rename(this.#at(from), this.#at(to)));
  }

  openAppend(name: string): number {
    return open(this.#at(name), O_WRONLY | O_APPEND | O_CREAT, 0o666);
  }

  truncate(name: string): void {
    close(open(this.#at(name), O_WRONLY | O_CREAT | O_TRUNC, 0o666));
  }

  close(fd: number): void {
    close(fd);
  }

  isRemoved(fd: number): boolean {
    return isNameless(fd);
  }

  claim(): void {
    this.#enter();
    const made = mkdir(this.#path, LOGDIR_MODE);
    if (made !== -EEXIST) checked(`create directory ${this.#path}`, made);
    const found = tryStat(this.#at(LOCK));
    if (this.#lockFd >= 0 && isSameFile(fstat(this.#lockFd), found)) return;
    if (typeof found !== "number" && heldLocks.has(fileKey(found))) throw this.#busy();
    const fd = open(this.#at(LOCK), O_WRONLY | O_CREAT, 0o666);
    if (!lockFd(fd, { exclusive: true, wait: false })) {
      close(fd);
      throw this.#busy();
    }
    this.unclaim();
    this.#lockFd = fd;
    this.#lockKey = fileKey(fstat(fd));
    heldLocks.add(this.#lockKey);
  }

  #busy(): SyscallError {
    return new SyscallError(`lock ${this.#path}/${LOCK}`, EBUSY, "another logger writes there; give each its own directory");
  }

  unclaim(): void {
    if (this.#lockFd < 0) return;
    heldLocks.delete(this.#lockKey);
    close(this.#lockFd);
    this.#lockFd = -1;
  }

  setFinished(fd: number, finished: boolean): void {
    fchmod(fd, this.#mode | (finished ? OWNER_EXECUTE : 0));
  }

  write(fd: number, bytes: Uint8Array<ArrayBuffer>): number {
    return checked(`write to ${this.#path}/current`, write(fd, bytes));
  }

  sync(fd: number): Promise<boolean> {
    return syncBeside(fd);
  }

  list(): readonly string[] {
    return readDirectory(this.#path);
  }

  stamp(): string {
    return formatTai64n(wallclock());
  }

  process(command: string, shell: boolean): Promise<string | undefined> {
    const fds: [number, number][] = [];
    try {
      this.#enter();
      const argv = shell ? ["/bin/sh", "-c", command] : ["execlineb", "-Pc", command];
      fds.push([0, this.#openFor(PREVIOUS, O_RDONLY)], [1, this.#openFor(PROCESSED, O_WRONLY | O_CREAT | O_TRUNC)]);
      fds.push([4, this.#openFor(STATE, O_RDONLY | O_CREAT)], [5, this.#openFor(NEWSTATE, O_WRONLY | O_CREAT | O_TRUNC)]);
      const pid = spawn({ path: argv[0]!, argv, fds, directory: this.#path, searchPath: true });
      if (pid < 0) return Promise.resolve(`unable to spawn processor ${argv[0]}: ${strerror(-pid)}`);
      return new Promise((resolve) => this.#world.reaper.own(pid, (wstat) => resolve(processorFailure(wstat))));
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      return Promise.resolve(error.message);
    } finally {
      for (const [, fd] of fds) close(fd);
    }
  }

  #openFor(name: string, flags: number): number {
    const fd = open(this.#at(name), flags, 0o666);
    const above = dupAbove(fd, ABOVE_PROCESSOR_FDS);
    close(fd);
    return checked(`open ${this.#at(name)}`, above);
  }

  later(delayMs: number, callback: () => void): Disposable {
    return startTimer(delayMs, callback);
  }

  warn(text: string): void {
    this.#world.warn(text);
  }
}

function fileKey({ dev, ino }: Stat): string {
  return `${dev}:${ino}`;
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
  /** The directory in which relative paths are meant; absent: the process's, which then never changes. */
  readonly directoryFd?: number;
  warn(text: string): void;
}

/**
 * Creates the directory of `settings` if it is not there (its parent must be), and locks it until it is given up.
 *
 * @throws {SyscallError} If that fails, or another logger has it.
 */
export function takeLogdir({ path }: LogdirSettings, world: LogWorld): LogdirPort {
  const port = new SystemPort(path, world);
  port.claim();
  return port;
}
