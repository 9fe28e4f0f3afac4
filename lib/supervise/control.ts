/**
 * The files that a supervisor holds in a service directory: event/, supervise/, the lock and the
 * control FIFO. Source: s6-supervise.c, control_init; modes as in protocol "Paths and modes":
 * event/ 03730 with our group, supervise/ 0700, lock 0644, control 0600.
 */
import {
  CONTROL_FILENAME,
  DTALLY_FILENAME,
  EVENT_DIRECTORY,
  LOCK_FILENAME,
  SUPERVISE_DIRECTORY,
} from "../servicedir/core/supervise_files.ts";
import { EEXIST, EINVAL, EISDIR, ELOOP, ENXIO } from "../core/linux/errno.ts";
import { ownershipCure } from "../core/linux/ownership_cure.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { O_CREAT, O_DIRECTORY, O_PATH, O_RDONLY, O_RDWR } from "../core/linux/open_flags.ts";
import { close, fchdir, mkdir, mkfifo, open, readlink, umask } from "../libc/file.ts";
import { isHeldHere, noteHeld, releaseHeld } from "../libc/held_lock.ts";
import { fchmod, fchown } from "../libc/entry.ts";
import { lockFd } from "../libc/lock.ts";
import { getegid, geteuid } from "../libc/process.ts";
import { fileKey, fstat, isDirectory, stat, tryStat } from "../libc/stat.ts";
import { checkedFile, openFile, tryCreate, tryOpenFifo } from "../libc/wary_open.ts";
import { cleanFifodir } from "../fifodir/clean.ts";

const EVENT_MODE = 0o3730;
/** The errors of opening a file as a FIFO that is not one. */
const WRONG_KINDS: readonly number[] = [EINVAL, EISDIR, ELOOP, ENXIO];
/**
 * The most entries of event/ that are examined before the service starts, because anyone who may
 * listen may fill it.
 */
const MAX_CLEANED = 1024;

/** The service directory can't be supervised, for a reason other than a failed system call. */
export class UnsuitableError extends Error {
  override readonly name = "UnsuitableError";
}

/** What a supervisor holds until it ends. */
export interface Control {
  /** The directory itself, so that it may be renamed and links to it changed. */
  readonly dirFd: number;
  readonly lockFd: number;
  readonly controlFd: number;
  /** Device and inode of the lock file, for `lib/libc/held_lock.ts`. */
  readonly lockKey: string;
}

const OTHER_DIRECTORY =
  "another directory has this name since the last scan; s6-svscanctl -a scans again";

/** Makes a directory, or the target of a broken link. Returns whether it was made now. */
function ensureDirectory(name: string): boolean {
  const made = mkdir(name, 0o700);
  if (made >= 0) return true;
  if (made !== -EEXIST) checked(`create directory ${name}`, made);
  const target = readlink(name);
  if (typeof target === "number") {
    if (target !== -EINVAL) checked(`create directory ${name}`, made);
    if (!isDirectory(stat(name).mode)) {
      throw new UnsuitableError(`${name} exists and is not a directory`);
    }
    return false;
  }
  const there = tryStat(name);
  if (typeof there !== "number") {
    if (!isDirectory(there.mode)) {
      throw new UnsuitableError(`${name} exists and is not a directory`);
    }
    return false;
  }
  checked(`create directory ${target}`, mkdir(target, 0o700));
  return true;
}

function makeEventDirectory(): void {
  if (!ensureDirectory(EVENT_DIRECTORY)) return;
  const fd = open(EVENT_DIRECTORY, O_RDONLY | O_DIRECTORY);
  try {
    const { uid, mode } = fstat(fd);
    if (uid !== geteuid() || (mode & 0o777) !== 0o700) {
      throw new UnsuitableError(`${EVENT_DIRECTORY} is not the directory that was made`);
    }
    checked(`set the group of ${EVENT_DIRECTORY}`, fchown(fd, -1, getegid()));
    checked(`set the mode of ${EVENT_DIRECTORY}`, fchmod(fd, EVENT_MODE));
  } finally {
    close(fd);
  }
}

function takeLock(): { lockFd: number; lockKey: string } {
  const busy = new UnsuitableError("another instance of s6-supervise is already running");
  if (isHeldHere(tryStat(LOCK_FILENAME))) throw busy;
  const fd = openFile(LOCK_FILENAME, O_RDWR | O_CREAT, { mode: 0o644 });
  try {
    if (!lockFd(fd, { exclusive: true, wait: false })) throw busy;
  } catch (error) {
    close(fd);
    throw error instanceof SyscallError
      ? new SyscallError(`lock ${LOCK_FILENAME}`, error.errno)
      : error;
  }
  return { lockFd: fd, lockKey: noteHeld(fd) };
}

/**
 * Opens a FIFO as reader and writer, so that it never reaches end of file. Makes it if there is
 * none.
 *
 * @throws {UnsuitableError} If something else has its name. @throws {SyscallError} If it can't be
 *   made or opened.
 */
export function openControlFifo(path: string): number {
  const made = mkfifo(path, 0o600);
  if (made < 0 && made !== -EEXIST) checked(`create FIFO ${path}`, made);
  const fd = tryOpenFifo(path, O_RDWR);
  if (WRONG_KINDS.includes(-fd)) throw new UnsuitableError(`${path} is not a FIFO`);
  return checkedFile(`open ${path}`, fd);
}

function makeControlFiles(): Omit<Control, "dirFd"> {
  makeEventDirectory();
  ensureDirectory(SUPERVISE_DIRECTORY);
  const lock = takeLock();
  try {
    return { ...lock, controlFd: openControlFifo(CONTROL_FILENAME) };
  } catch (error) {
    releaseLock(lock);
    throw error;
  }
}

function releaseLock(lock: { readonly lockFd: number; readonly lockKey: string }): void {
  releaseHeld(lock.lockKey);
  close(lock.lockFd);
}

function withCure(error: unknown, directory: string): unknown {
  if (!(error instanceof SyscallError)) return error;
  const linkable = `${EVENT_DIRECTORY} and ${SUPERVISE_DIRECTORY}`;
  return new SyscallError(
    error.action,
    error.errno,
    ownershipCure(error.errno, { directory, linkable, uid: geteuid() }),
  );
}

/**
 * Takes the service directory at `path`, and leaves the process in it.
 *
 * @param devino Device and inode of the wanted directory, with a colon between, because another
 *   directory may have its name by now
 * @throws {UnsuitableError} If another supervisor has it, or something in it is not of the kind
 *   that it must be (exit code 100).
 * @throws {SyscallError} If anything can't be created or opened (exit code 111). Nothing is held
 *   then.
 */
export function takeControl(path: string, devino?: string): Control {
  const dirFd = open(path, O_PATH | O_DIRECTORY);
  let control: Control | undefined;
  try {
    if (devino !== undefined && fileKey(fstat(dirFd)) !== devino) {
      throw new UnsuitableError(OTHER_DIRECTORY);
    }
    fchdir(dirFd);
    const mask = umask(0);
    try {
      control = { dirFd, ...makeControlFiles() };
    } finally {
      umask(mask);
    }
    cleanFifodir(EVENT_DIRECTORY, MAX_CLEANED);
    close(checkedFile(`create ${DTALLY_FILENAME}`, tryCreate(DTALLY_FILENAME, 0o666)));
    return control;
  } catch (error) {
    if (control === undefined) close(dirFd);
    else releaseControl(control);
    throw withCure(error, path);
  }
}

export function releaseControl(control: Control): void {
  close(control.controlFd);
  releaseLock(control);
  close(control.dirFd);
}
