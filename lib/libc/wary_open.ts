/**
 * Opening what somebody else may have planted. Whoever may write in a directory can put anything
 * there under the name of a file of ours: a FIFO, whose opening waits; a device, whose opening does
 * something; a link to a file that is not his, or a second name of it.
 *
 * So nothing here waits, follows a link unless that is asked for, truncates before it knows what,
 * or asks about a path twice: what has been opened is looked at by its descriptor. A file that is
 * not what it must be is an error whose number says what it is: ELOOP, a symbolic link; EISDIR;
 * ENXIO, a FIFO, a socket or a device; EMLINK, a file with other names.
 */
import { EEXIST, EINVAL, EISDIR, ELOOP, EMLINK, ENOENT, ENXIO } from "../core/linux/errno.ts";
import { checked, SyscallError } from "./bind.ts";
import { AT_FDCWD, openAt, unlinkAt } from "./directory.ts";
import {
  O_CREAT,
  O_EXCL,
  O_NOCTTY,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_TRUNC,
  O_WRONLY,
} from "../core/linux/open_flags.ts";
import { close, ftruncate, tryOpen, unlink } from "./file.ts";
import { isDirectory, isFifo, isRegular, type Stat, tryFstat } from "./stat.ts";

const WORDS: Readonly<Record<number, string>> = {
  [EINVAL]: "it is no FIFO",
  [ELOOP]: "it is a symbolic link",
  [EMLINK]: "the file has other names too, so it may be somebody else's",
  [ENXIO]: "it is a FIFO, a socket or a device",
};
/** What stat(2) says of /dev/null. A link to it is how a file is made to count as empty. */
const DEV_NULL = 0x103n;
/** Whoever makes a file again and again does not keep us here. */
const MOST_TRIES = 5;

/** The file is there, and it is not what it must be. */
export class PlantedError extends SyscallError {
  readonly #words: string;

  constructor(action: string, errno: number, words: string) {
    super(action, errno);
    this.#words = words;
    this.message = `unable to ${action}: ${words}`;
  }

  override get reason(): string {
    return this.#words;
  }
}

/**
 * The descriptor, or the error that `fd` stands for, with what was found in words. @throws
 * {SyscallError} If `fd` is negative.
 */
export function checkedFile(action: string, fd: number): number {
  const words = fd < 0 ? WORDS[-fd] : undefined;
  if (words !== undefined) throw new PlantedError(action, -fd, words);
  return checked(action, fd);
}

export interface WaryOptions {
  /** In which directory a relative path is meant; absent: the process's. */
  readonly dirFd?: number;
  /** Of a file that is created. */
  readonly mode?: number;
  /** Symbolic links may lead to it. */
  readonly follow?: boolean;
  /** Is a file to be used that has several names? Absent: yes. */
  shared?(record: Stat): boolean;
}

function wrongFile(record: Stat | number, { shared, follow }: WaryOptions): number {
  if (typeof record === "number") return record;
  if (isDirectory(record.mode)) return -EISDIR;
  if (!isRegular(record.mode)) return follow && record.rdev === DEV_NULL ? 0 : -ENXIO;
  return record.links > 1 && shared?.(record) === false ? -EMLINK : 0;
}

/** Opens a regular file. Reading and writing wait as usual. Returns the descriptor, or `-errno`. */
export function tryOpenFile(path: string, flags: number, options: WaryOptions = {}): number {
  const { dirFd = AT_FDCWD, mode = 0, follow = false } = options;
  const wary = flags & ~O_TRUNC | O_NONBLOCK | O_NOCTTY | (follow ? 0 : O_NOFOLLOW);
  const fd = dirFd === AT_FDCWD ? tryOpen(path, wary, mode) : openAt(dirFd, path, wary, mode);
  if (fd < 0) return fd;
  const wrong = wrongFile(tryFstat(fd), options) ||
    ((flags & O_TRUNC) === 0 ? 0 : ftruncate(fd, 0));
  if (wrong === 0) return fd;
  close(fd);
  return wrong;
}

/** Opens a regular file. @throws {SyscallError} If that can't be done, or it is something else. */
export function openFile(path: string, flags: number, options: WaryOptions = {}): number {
  return checkedFile(`open ${path}`, tryOpenFile(path, flags, options));
}

/**
 * What `read` gives; nothing if there is a FIFO, a socket or a device where it wants to open a
 * file.
 */
export function orEmpty<T>(read: () => T): T | Uint8Array<ArrayBuffer> {
  try {
    return read();
  } catch (error) {
    if (error instanceof PlantedError && error.errno === ENXIO) return new Uint8Array(0);
    throw error;
  }
}

/**
 * Opens a FIFO, which is not waited for, nor is its other end. `-errno` as above; of another kind
 * of file -EINVAL.
 */
export function tryOpenFifo(
  path: string,
  flags: number,
  { follow = false }: Pick<WaryOptions, "follow"> = {},
): number {
  const fd = tryOpen(path, flags | O_NONBLOCK | O_NOCTTY | (follow ? 0 : O_NOFOLLOW));
  if (fd < 0) return fd;
  const record = tryFstat(fd);
  if (typeof record !== "number" && isFifo(record.mode)) return fd;
  close(fd);
  return typeof record === "number" ? record : isDirectory(record.mode) ? -EISDIR : -EINVAL;
}

/** Opens a FIFO. @throws {SyscallError} If that can't be done, or it is something else. */
export function openFifo(
  path: string,
  flags: number,
  options: Pick<WaryOptions, "follow"> = {},
): number {
  return checkedFile(`open ${path}`, tryOpenFifo(path, flags, options));
}

/**
 * Creates a file to be written; what has its name is removed, whatever it is, unless it is a
 * directory. Returns the descriptor, or `-errno`.
 */
export function tryCreate(path: string, mode: number, dirFd = AT_FDCWD): number {
  const flags = O_WRONLY | O_CREAT | O_EXCL;
  for (let tries = 1;; tries++) {
    const fd = dirFd === AT_FDCWD ? tryOpen(path, flags, mode) : openAt(dirFd, path, flags, mode);
    if (fd !== -EEXIST || tries === MOST_TRIES) return fd;
    const removed = dirFd === AT_FDCWD ? unlink(path) : unlinkAt(dirFd, path);
    if (removed < 0 && removed !== -ENOENT) return removed;
  }
}
