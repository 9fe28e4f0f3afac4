/**
 * A log directory as an open descriptor, and its files by name in it. The directory may belong to
 * somebody else than the logger, who is often root: nothing here follows a link, waits for a FIFO,
 * or writes to a file that may be another one's, and the directory is found by its path only when
 * it is entered. What is in the way under one of the logger's names is moved out of it and kept.
 */
import { EEXIST, EISDIR, ELOOP, EMLINK, ENOENT, ENOTEMPTY, ENXIO } from "../core/linux/errno.ts";
import { CURRENT, isArchiveName } from "./core/rotation.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { isDots, openAt, readNames, unlinkAt } from "../libc/directory.ts";
import { linkAt, renameAt } from "../libc/entry.ts";
import { O_DIRECTORY, O_PATH, O_RDONLY } from "../core/linux/open_flags.ts";
import { close, fchdir, mkdir, tryOpen } from "../libc/file.ts";
import { geteuid } from "../libc/process.ts";
import { fstat, isRegular, type Stat, tryLstatAt, tryStat } from "../libc/stat.ts";
import { checkedFile, tryCreate, tryOpenFile } from "../libc/wary_open.ts";
import type { LogFileStat } from "./port.ts";

const LOGDIR_MODE = 0o2700;
const FILE_MODE = 0o666;
const OWNER_EXECUTE = 0o100;
const WRITABLE_BY_OTHERS = 0o022;
/** How a file can't be opened or replaced that is not what it must be. */
const IN_THE_WAY: readonly number[] = [EISDIR, ELOOP, EMLINK, ENXIO, ENOTEMPTY, EEXIST];

export interface HeldLogdirOptions {
  /**
   * The directory in which a relative path is meant; absent: the process's, which then never
   * changes.
   */
  readonly directoryFd?: number;
  /** A name for what is moved out of the way: a stamp that no two have. */
  stamp(): string;
  warn(text: string): void;
}

export class HeldLogdir {
  readonly #path: string;
  readonly #options: HeldLogdirOptions;
  readonly #fd: number;
  readonly #directory: Stat;
  /** Nobody but us can have put anything there. */
  readonly #isOurs: boolean;

  /**
   * Enters the directory at `path`, which is made if it is not there. @throws {SyscallError} If
   * that can't be done.
   */
  constructor(path: string, options: HeldLogdirOptions) {
    this.#path = path;
    this.#options = options;
    this.#find();
    const made = mkdir(path, LOGDIR_MODE);
    if (made !== -EEXIST) checked(`create directory ${path}`, made);
    this.#fd = checked(`open directory ${path}`, tryOpen(path, O_PATH | O_DIRECTORY));
    this.#directory = fstat(this.#fd);
    this.#isOurs = this.#directory.uid === geteuid() &&
      (this.#directory.mode & WRITABLE_BY_OTHERS) === 0;
  }

  /** Makes relative paths mean what they are to mean. */
  #find(): void {
    const { directoryFd } = this.#options;
    if (directoryFd !== undefined && !this.#path.startsWith("/")) fchdir(directoryFd);
  }

  get fd(): number {
    return this.#fd;
  }

  close(): void {
    close(this.#fd);
  }

  /** Does the path still lead here? */
  isThere(): boolean {
    this.#find();
    const found = tryStat(this.#path);
    return typeof found !== "number" && found.dev === this.#directory.dev &&
      found.ino === this.#directory.ino;
  }

  /** What messages call a file. */
  nameOf(name: string): string {
    return `${this.#path}/${name}`;
  }

  record(name: string): Stat | number {
    return tryLstatAt(this.#fd, name);
  }

  /** What is no file counts as an empty one. */
  stat(name: string): LogFileStat | undefined {
    const found = this.record(name);
    if (found === -ENOENT) return undefined;
    if (typeof found === "number") throw new SyscallError(`stat ${this.nameOf(name)}`, -found);
    if (!isRegular(found.mode)) return { executable: false, size: 0, links: 1 };
    const { mode, size, links } = found;
    return {
      executable: (mode & OWNER_EXECUTE) !== 0,
      size,
      links: links > 1 && !this.#isArchived(found) ? 1 : links,
    };
  }

  /**
   * Names elsewhere, say of a backup made of links, tell nothing of what has become of a file here.
   */
  #isArchived({ ino }: Stat): boolean {
    return this.list().filter(isArchiveName).some((name) => {
      const found = this.record(name);
      return typeof found !== "number" && found.ino === ino;
    });
  }

  list(): readonly string[] {
    const fd = checked(
      `open directory ${this.#path}`,
      openAt(this.#fd, ".", O_RDONLY | O_DIRECTORY),
    );
    try {
      const names: string[] = [];
      for (let some = this.#readNames(fd); some.length > 0; some = this.#readNames(fd)) {
        names.push(...some);
      }
      return names.filter((name) => !isDots(name));
    } finally {
      close(fd);
    }
  }

  #readNames(fd: number): string[] {
    return readNames(fd, () => `read directory ${this.#path}`);
  }

  /**
   * Opens a file. Of one that has other names too, nobody knows whose it is, unless nobody else can
   * have put it there, or it is the owner's of the directory, and he is not us.
   *
   * @throws {SyscallError} If that can't be done.
   */
  open(name: string, flags: number): number {
    const { uid } = this.#directory;
    const shared = (record: Stat): boolean =>
      this.#isOurs || (record.uid === uid && uid !== geteuid());
    return this.#clearing(
      `open ${this.nameOf(name)}`,
      name,
      () => tryOpenFile(name, flags, { dirFd: this.#fd, mode: FILE_MODE, shared }),
    );
  }

  /** Makes a file anew. @throws {SyscallError} If that can't be done. */
  create(name: string): number {
    return this.#clearing(
      `create ${this.nameOf(name)}`,
      name,
      () => tryCreate(name, FILE_MODE, this.#fd),
    );
  }

  /** Removing what is not there is no error. @throws {SyscallError} If it can't be removed. */
  unlink(name: string): void {
    this.#clearing(`unlink ${this.nameOf(name)}`, name, () => {
      const removed = unlinkAt(this.#fd, name);
      return removed === -ENOENT ? 0 : removed;
    });
  }

  /** @throws {SyscallError} If it can't be linked. */
  link(from: string, to: string): void {
    const action = `link ${this.nameOf(from)} to ${to}`;
    checked(
      action,
      linkAt({ dirFd: this.#fd, name: from }, { dirFd: this.#fd, name: to }, { follow: false }),
    );
  }

  /**
   * @throws {SyscallError} If it can't be renamed; of `current` also if the path does not lead
   *   here any more.
   */
  rename(from: string, to: string): void {
    const action = `rename ${this.nameOf(from)} to ${to}`;
    if (from === CURRENT && !this.isThere()) throw new SyscallError(action, ENOENT);
    this.#clearing(action, to, () => this.#rename(from, to));
  }

  #rename(from: string, to: string): number {
    return renameAt({ dirFd: this.#fd, name: from }, { dirFd: this.#fd, name: to }, {
      replace: true,
    });
  }

  /** Tries; if something is in the way under that name, once more without it. */
  #clearing(action: string, name: string, attempt: () => number): number {
    const result = attempt();
    if (!IN_THE_WAY.includes(-result)) return checked(action, result);
    const stamp = this.#options.stamp();
    const aside = result === -EMLINK && name === CURRENT ? `${stamp}.u` : `${name}.${stamp}`; // it has lines
    if (this.#rename(name, aside) < 0) return checkedFile(action, result);
    this.#options.warn(`${reasonOf(action, result)} (what was in the way is called ${aside} now)`);
    return checkedFile(action, attempt());
  }
}

function reasonOf(action: string, result: number): string {
  try {
    checkedFile(action, result);
    return "";
  } catch (error) {
    if (error instanceof SyscallError) return error.message;
    throw error;
  }
}
