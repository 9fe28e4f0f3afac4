/**
 * Removing a file, or a directory with all that is in it, while others may be writing there.
 *
 * Nobody can lead it out of the tree: every directory is opened by its name in the one above, which
 * is open too, and no link is followed. However deep the tree is, few descriptors are open; however
 * many names a directory has, few of them are in memory. Source: skalibs, rm_rf_in_tmp.c, for what
 * is an error; openat(2), "Rationale".
 */
import { EISDIR, ELOOP, ENOENT, ENOTDIR, EPERM, ESTALE } from "../core/linux/errno.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import {
  AT_FDCWD,
  isDots,
  openAt,
  readNames,
  rewind,
  rmdirAt,
  unlinkAt,
} from "../libc/directory.ts";
import { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } from "../core/linux/open_flags.ts";
import { close } from "../libc/file.ts";
import { fstat, type Stat, tryStat } from "../libc/stat.ts";

const DIRECTORY_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK;
/** Directories that many levels above are closed, and found again through `..` on the way up. */
const MAX_OPEN_LEVELS = 32;
const CLOSED = -1;
/** What opening says of a name that is no directory: a link, another file, nothing. */
const NO_DIRECTORY: ReadonlySet<number> = new Set([ENOTDIR, ELOOP, ENOENT]);

/**
 * Removes what `path` names; a symbolic link, not what it points to. Does nothing if there is no
 * such file. Stops at the first thing that can't be removed.
 *
 * @throws {SyscallError} If something can't be; or if it is the root directory.
 */
export function removeTree(path: string): void {
  const result = unlinkAt(AT_FDCWD, path);
  if (result === 0 || result === -ENOENT) return;
  if (!mayBeDirectory(result)) checked(`remove ${path}`, result);
  const levels = new Levels(path);
  try {
    if (!levels.enter(path)) checked(`remove ${path}`, result);
    if (isSame(levels.identity, tryStat("/"))) {
      throw new SyscallError(`remove ${path}`, EPERM, "it is the root directory");
    }
    while (levels.deepest !== undefined) removeNext(levels);
  } finally {
    levels.closeAll();
  }
}

/** Linux says EISDIR, POSIX EPERM, which may also mean that removing is forbidden. */
function mayBeDirectory(result: number): boolean {
  return result === -EISDIR || result === -EPERM;
}

function isSame(a: Stat, b: Stat | number): boolean {
  return typeof b !== "number" && a.dev === b.dev && a.ino === b.ino;
}

interface Level {
  /** Its name in the level above; of the first level, the path. */
  readonly name: string;
  readonly identity: Stat;
  fd: number;
  /** Names that were read and not yet looked at. */
  readonly names: string[];
  /**
   * Whether something was removed since reading began: a file system may have left out names then,
   * and it begins anew.
   */
  changed: boolean;
}

/**
 * One step: a name is looked at, more names are read, or an empty directory is left and removed.
 */
function removeNext(levels: Levels): void {
  const level = levels.deepest!;
  const name = level.names.pop();
  if (name !== undefined) {
    let result = unlinkAt(level.fd, name);
    if (mayBeDirectory(result)) {
      if (levels.enter(name)) return;
      result = unlinkAt(level.fd, name); // no directory, or not any more
    }
    if (result < 0 && result !== -ENOENT) {
      throw new SyscallError(`remove ${levels.pathOf(name)}`, -result);
    }
    level.changed = true;
    return;
  }
  level.names.push(
    ...readNames(level.fd, () => `read directory ${levels.pathOf()}`).filter((found) =>
      !isDots(found)
    ),
  );
  if (level.names.length > 0) return;
  if (level.changed) {
    rewind(level.fd);
    level.changed = false;
    return;
  }
  const above = levels.leave();
  const removed = rmdirAt(above, level.name);
  if (removed === 0 || (removed === -ENOENT && above !== AT_FDCWD)) return; // the first one may be called `..`, and is still there then
  throw new SyscallError(`remove ${levels.pathOf(level.name)}`, -removed);
}

/** The directories from the first one down to where the work is. */
class Levels {
  readonly #levels: Level[] = [];
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  get deepest(): Level | undefined {
    return this.#levels.at(-1);
  }

  get identity(): Stat {
    return this.deepest!.identity;
  }

  /**
   * Goes into a directory; false if there is none of that name (any more). @throws {SyscallError}
   * If it can't be opened.
   */
  enter(name: string): boolean {
    const fd = openAt(this.deepest?.fd ?? AT_FDCWD, name, DIRECTORY_FLAGS);
    if (NO_DIRECTORY.has(-fd)) return false;
    if (fd < 0) throw new SyscallError(`open directory ${this.pathOf(name)}`, -fd);
    this.#levels.push({ name, identity: fstat(fd), fd, names: [], changed: false });
    this.#close(this.#levels.at(-1 - MAX_OPEN_LEVELS));
    return true;
  }

  /**
   * Goes up. Returns the directory above the one that was left. @throws {SyscallError} If that has
   * been moved elsewhere.
   */
  leave(): number {
    const left = this.#levels.pop()!;
    try {
      const above = this.deepest;
      if (above === undefined) return AT_FDCWD;
      above.changed = true;
      if (above.fd === CLOSED) this.#reopen(above, left.fd);
      return above.fd;
    } finally {
      close(left.fd);
    }
  }

  #reopen(above: Level, fromFd: number): void {
    const fd = openAt(fromFd, "..", DIRECTORY_FLAGS);
    if (fd < 0) throw new SyscallError(`go back to ${this.pathOf()}`, -fd);
    above.fd = fd;
    if (isSame(above.identity, fstat(fd))) return;
    throw new SyscallError(
      `go back to ${this.pathOf()}`,
      ESTALE,
      "somebody has moved what is being removed",
    );
  }

  #close(level: Level | undefined): void {
    if (level === undefined || level.fd === CLOSED) return;
    close(level.fd);
    level.fd = CLOSED;
  }

  closeAll(): void {
    for (const level of this.#levels) this.#close(level);
  }

  /** The path of the deepest directory, or of something in it, for messages. */
  pathOf(name?: string): string {
    const below = this.#levels.slice(1).map((level) => level.name);
    const names = name === undefined || this.#levels.length === 0 ? below : [...below, name];
    return [this.#path, ...names].join("/");
  }
}
