/**
 * What a client asks of a supervisor and tells it, through the files in `supervise/` (and
 * `.s6-svscan/`).
 *
 * A client may be root and the directory somebody else's: nothing here follows what it finds into a
 * file that is not of the expected kind, and nothing here waits for a file to have a reader or a
 * writer. Source: s6, libs6/s6_svc_ok.c, s6_svc_write.c, s6_svc_writectl.c, s6_svstatus_read.c.
 */
import { STATUS_FILENAME, SUPERVISE_DIRECTORY } from "./core/supervise_files.ts";
import {
  EAGAIN,
  EINTR,
  EINVAL,
  EISDIR,
  ELOOP,
  ENOENT,
  ENOTDIR,
  ENXIO,
  EPIPE,
  strerror,
} from "../core/linux/errno.ts";
import { encodePath } from "../core/text/path_bytes.ts";
import type { Svstatus } from "./core/svstatus.ts";
import { SVSTATUS_SIZE, unpackSvstatus } from "./core/svstatus.ts";
import { SyscallError } from "../libc/bind.ts";
import { poll, POLLOUT } from "../libc/fd.ts";
import {
  O_DIRECTORY,
  O_NOCTTY,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_RDONLY,
  O_WRONLY,
} from "../core/linux/open_flags.ts";
import { access, close, F_OK, tryOpen, write } from "../libc/file.ts";
import { isLocked } from "../libc/lock.ts";
import { readSmallFile } from "../libc/small_file.ts";
import { checkedFile, tryOpenFifo } from "../libc/wary_open.ts";

/**
 * Is there a supervisor on the service directory `dir`? It holds a lock on `supervise/lock` as long
 * as it lives.
 *
 * Never to be asked by a supervisor about its own directory: a process's own locks don't count, and
 * closing the file drops them.
 *
 * @throws {SyscallError} If that can't be found out; a missing file only means no.
 */
export function isSupervised(dir: string): boolean {
  const fd = tryOpenLock(dir, SUPERVISE_DIRECTORY);
  if (fd === -ENOENT) return false;
  if (fd < 0) throw new SyscallError(`check ${dir}`, -fd);
  try {
    return isLocked(fd);
  } catch (error) {
    throw error instanceof SyscallError ? new SyscallError(`check ${dir}`, error.errno) : error;
  } finally {
    close(fd);
  }
}

/**
 * Opens the lock of `dir/ctldir`, to ask who holds it: which does no harm, whatever kind of file it
 * is. Returns the descriptor, or `-errno`.
 */
export function tryOpenLock(dir: string, ctldir: string): number {
  return tryOpen(`${dir}/${ctldir}/lock`, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
}

/**
 * What became of commands written to a control FIFO: a process took them, nobody reads there, there
 * is no such FIFO, or what has its name is no FIFO.
 */
export type ControlAnswer = "ok" | "no reader" | "no fifo" | "not a fifo";

/**
 * Writes `commands` to a control FIFO, all at once; waits while the FIFO is full. With no commands,
 * only looks whether somebody reads it.
 *
 * @throws {SyscallError} For what is not an answer, such as missing permission.
 */
export function writeControl(fifo: string, commands: Uint8Array<ArrayBuffer>): ControlAnswer {
  const fd = tryOpenFifo(fifo, O_WRONLY);
  if (fd === -ENXIO) return "no reader";
  if (fd === -ENOENT || fd === -ENOTDIR || fd === -EISDIR) return "no fifo";
  if (fd === -EINVAL || fd === -ELOOP) return "not a fifo";
  if (fd < 0) throw new SyscallError(`control ${fifo}`, -fd);
  try {
    while (commands.length > 0) {
      const result = write(fd, commands);
      if (result >= 0) break; // fewer than PIPE_BUF bytes are written together or not at all
      if (result === -EPIPE) return "no reader";
      if (result === -EAGAIN) poll([{ fd, events: POLLOUT }], -1);
      else if (result !== -EINTR) throw new SyscallError(`control ${fifo}`, -result);
    }
    return "ok";
  } finally {
    close(fd);
  }
}

/** What became of commands for the supervisor of a directory. */
export type CommandAnswer =
  | { readonly kind: "ok" }
  /** No supervisor is listening. */
  | { readonly kind: "not listening" }
  /** The control directory is there, and its FIFO is not. */
  | { readonly kind: "broken"; readonly reason: string };

/**
 * Sends command letters to the process that listens in `dir/ctldir`: `supervise` for s6-supervise,
 * `.s6-svscan` for s6-svscan.
 *
 * @throws {SyscallError} If `dir` can't be looked into.
 */
export function sendCommands(dir: string, ctldir: string, commands: string): CommandAnswer {
  switch (answerOf(dir, ctldir, commands)) {
    case "ok":
      return { kind: "ok" };
    case "no reader":
      return { kind: "not listening" };
    case "not a fifo":
      return { kind: "broken", reason: "control is not a FIFO" };
    case "no fifo":
      return diagnose(dir, ctldir);
  }
}

function answerOf(dir: string, ctldir: string, commands: string): ControlAnswer {
  try {
    return writeControl(
      `${dir}/${ctldir}/control`,
      encodePath(commands) as Uint8Array<ArrayBuffer>,
    );
  } catch (error) {
    throw error instanceof SyscallError ? new SyscallError(`control ${dir}`, error.errno) : error;
  }
}

/**
 * Why there is no control FIFO: no directory at all, no supervisor yet, or a supervisor's directory
 * without its FIFO.
 */
function diagnose(dir: string, ctldir: string): CommandAnswer {
  const fd = tryOpen(dir, O_RDONLY | O_DIRECTORY);
  if (fd < 0) throw new SyscallError(`control ${dir}`, -fd);
  close(fd);
  const subFd = tryOpen(`${dir}/${ctldir}`, O_RDONLY | O_DIRECTORY);
  if (subFd === -ENOENT) return { kind: "not listening" };
  if (subFd < 0) return { kind: "broken", reason: strerror(-subFd) };
  close(subFd);
  return { kind: "broken", reason: "control: " + strerror(ENOENT) };
}

/**
 * What the supervisor of `dir` last told about its service.
 *
 * @throws {SyscallError} If the file can't be read.
 * @throws {RangeError} If it is too short to be a status.
 */
export function readStatus(dir: string): Svstatus {
  const bytes = readPacked(dir);
  if (bytes.length < SVSTATUS_SIZE) {
    throw new RangeError(
      `${STATUS_FILENAME} has ${bytes.length} bytes of ${SVSTATUS_SIZE}`,
    );
  }
  return unpackSvstatus(bytes);
}

function readPacked(dir: string): Uint8Array {
  const action = `read status for ${dir}`;
  try {
    const bytes = readSmallFile(`${dir}/${STATUS_FILENAME}`, SVSTATUS_SIZE);
    if (bytes !== undefined) return bytes;
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    checkedFile(action, -error.errno);
  }
  throw new SyscallError(action, ENOENT);
}

/** Has the service a `reload-signal` of its own? */
export function hasReloadSignal(dir: string): boolean {
  return access(`${dir}/reload-signal`, F_OK) === 0;
}
