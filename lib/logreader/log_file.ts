/**
 * One file of a log directory, opened to be read, and a log directory at one moment.
 *
 * Whoever owns the directory may put anything there under these names, and the reader may be root:
 * only regular files are read, and no link is followed.
 */
import { compressionOf, type LogFileName, orderedLogFiles } from "../logdir/core/log_archives.ts";
import { ENOENT, strerror } from "../core/linux/errno.ts";
import { CURRENT, PREVIOUS } from "../logdir/core/rotation.ts";
import { SyscallError } from "../libc/bind.ts";
import { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } from "../core/linux/open_flags.ts";
import { close, readDirectory, tryOpen } from "../libc/file.ts";
import { pread } from "../libc/fd.ts";
import { fstat, isRegular, type Stat, tryLstat } from "../libc/stat.ts";

const MAGIC_BYTES = 6;
/** A logger that rotates faster than we can list its directory. */
const MAX_TRIES = 20;

/**
 * Tells a file that is complete from every other, whatever its name. Its number alone does not:
 * that goes to the next new file once a processor or a limit has removed it.
 */
export function fileIdentity({ ino, size, mtimeMs }: Stat): string {
  return `${ino} ${size} ${mtimeMs}`;
}

export interface OpenLogFile extends Disposable {
  readonly fd: number;
  readonly ino: bigint;
  /** When it was opened. */
  readonly size: number;
  /** When it was opened. */
  readonly identity: string;
  readonly compression: ReturnType<typeof compressionOf>;
}

/** Opens a file of a log directory. Returns why not if that can't be done; "" if it is gone. */
export function openLogFile(path: string): OpenLogFile | string {
  const fd = tryOpen(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  if (fd < 0) return fd === -ENOENT ? "" : strerror(-fd);
  const stat = fstat(fd);
  const { ino, size } = stat;
  if (!isRegular(stat.mode)) {
    close(fd);
    return "it is no regular file";
  }
  const start = new Uint8Array(MAGIC_BYTES);
  const count = pread(fd, start, 0);
  let isOpen = true;
  const dispose = (): void => {
    if (isOpen) close(fd);
    isOpen = false; // the number may be another file's by then
  };
  const compression = compressionOf(start.subarray(0, Math.max(0, count)));
  return { fd, ino, size, identity: fileIdentity(stat), compression, [Symbol.dispose]: dispose };
}

export interface ListedFile extends LogFileName {
  readonly path: string;
  readonly ino: bigint;
  readonly size: number;
  readonly identity: string;
}

/** A log directory at one moment. What will soon have another name is open. */
export interface LogdirView {
  /** The oldest first. */
  readonly archives: readonly ListedFile[];
  /** A file that is being stored, and is none of the archives yet. */
  readonly previous: OpenLogFile | undefined;
  /** Undefined if there is none. */
  readonly current: OpenLogFile | undefined;
}

/**
 * Looks at a log directory so that no line is in two of the files, nor in none. A rotation renames
 * and links while the names are being read; so it looks until two looks see the same.
 *
 * @throws {SyscallError} If the directory can't be read, or `current` not be opened.
 */
export function viewLogdir(logdir: string): LogdirView {
  for (let tries = 1;; tries++) {
    using stack = new DisposableStack();
    const current = openMoving(`${logdir}/${CURRENT}`, stack);
    const previous = openMoving(`${logdir}/${PREVIOUS}`, stack);
    const archives = listArchives(logdir);
    if (tries < MAX_TRIES && !isStill(logdir, { archives, previous, current })) continue;
    stack.move(); // the caller closes them
    const stored = new Set(archives.map(({ ino }) => ino));
    const isNew = (file: OpenLogFile | undefined): boolean =>
      file !== undefined && !stored.has(file.ino);
    return {
      archives,
      previous: isNew(previous) && previous?.ino !== current?.ino ? previous : closed(previous),
      current: isNew(current) ? current : closed(current),
    };
  }
}

function closed(file: OpenLogFile | undefined): undefined {
  file?.[Symbol.dispose]();
}

function isStill(logdir: string, { archives, previous, current }: LogdirView): boolean {
  const isAt = (name: string, file: OpenLogFile | undefined): boolean => {
    const now = tryLstat(`${logdir}/${name}`);
    return (typeof now === "number" ? undefined : now.ino) === file?.ino;
  };
  if (!isAt(CURRENT, current) || !isAt(PREVIOUS, previous)) return false;
  const again = listArchives(logdir);
  return again.length === archives.length &&
    again.every(({ name, ino }, i) => name === archives[i]!.name && ino === archives[i]!.ino);
}

/** Opens a file whose name will be another one's soon; undefined if there is none. */
function openMoving(path: string, stack: DisposableStack): OpenLogFile | undefined {
  const opened = openLogFile(path);
  if (typeof opened !== "string") return stack.use(opened);
  if (opened === "") return undefined;
  throw new LogFileError(`unable to read ${path}: ${opened}`);
}

/** A file that can't be read, in words for the user. */
export class LogFileError extends Error {
  override readonly name = "LogFileError";
}

function listArchives(logdir: string): ListedFile[] {
  const files: ListedFile[] = [];
  for (const file of orderedLogFiles(readDirectory(logdir))) {
    const record = file.rotatedAt === undefined ? 0 : tryLstat(`${logdir}/${file.name}`);
    // gone meanwhile, or nothing of a logger
    if (typeof record === "number" || !isRegular(record.mode)) continue;
    files.push({
      ...file,
      path: `${logdir}/${file.name}`,
      ino: record.ino,
      size: record.size,
      identity: fileIdentity(record),
    });
  }
  return files;
}

/** @throws {SyscallError} As it is, unless `LogFileError` says it in better words. */
export function logdirFailure(error: unknown, logdir: string): string {
  if (error instanceof LogFileError) return error.message;
  if (error instanceof SyscallError) return `unable to read ${logdir}: ${error.reason}`;
  throw error;
}
