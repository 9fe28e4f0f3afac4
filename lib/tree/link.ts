/**
 * Putting a service directory under a running s6-svscan: a symbolic link in the scan directory, a
 * rescan, and a wait until the supervisors of the service and of its logger have started. What was
 * made is taken back if that fails. Source: s6, doc/s6-svlink.html,
 * libs6/s6_supervise_link_names.c, s6_supervise_unlink.c.
 */
import { SUPERVISE_DIRECTORY } from "../servicedir/core/supervise_files.ts";
import { SVSCAN_CTLDIR } from "../scandir/core/svscan_names.ts";
import { EEXIST, EINVAL, ENOENT, ENOTDIR, ENXIO } from "../core/linux/errno.ts";
import { expectEvents } from "../fifodir/expect.ts";
import { makeFifodir } from "../fifodir/make.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { access, close, F_OK, symlink, unlink } from "../libc/file.ts";
import { isLocked } from "../libc/lock.ts";
import { realPath } from "../libc/cwd.ts";
import { isDirectory, tryStat } from "../libc/stat.ts";
import { checkedFile, tryCreate } from "../libc/wary_open.ts";
import { isSupervised, sendCommands, tryOpenLock } from "../servicedir/client.ts";

const STARTED = "s".charCodeAt(0);

export interface LinkRequest {
  readonly scandir: string;
  readonly servicedir: string;
  /** Of the link. */
  readonly name: string;
  /** Who may listen to the service's events; absent: everybody. */
  readonly eventGid: number | undefined;
  /** Give `event` that mode even if it is there already. */
  readonly forceEventMode: boolean;
  /**
   * Don't start the service: make a `down` file, and remove it once the supervisor runs, or keep
   * it.
   */
  readonly down: "no" | "remove" | "keep";
  /** 0 for no limit. */
  readonly timeoutMs: number;
}

/** Is there an s6-svscan on `scandir`? @throws {SyscallError} If its lock can't be looked at. */
export function isScanned(scandir: string): boolean {
  const fd = tryOpenLock(scandir, SVSCAN_CTLDIR);
  if (fd === -ENOENT) return false;
  checked(`open ${scandir}/${SVSCAN_CTLDIR}/lock`, fd);
  try {
    return isLocked(fd);
  } finally {
    close(fd);
  }
}

/** Whether the directory has a logger. @throws {SyscallError} If `log` is no directory. */
export function hasLogger(servicedir: string): boolean {
  const action = `look into ${servicedir}/log`;
  const log = tryStat(`${servicedir}/log`);
  if (log === -ENOENT) return false;
  if (typeof log === "number") throw new SyscallError(action, -log);
  if (!isDirectory(log.mode)) throw new SyscallError(action, ENOTDIR);
  return true;
}

/**
 * The directories of a service and, if there is one, of its logger, and whether they are
 * supervised: both or neither.
 *
 * @throws {SyscallError} If only one of them is.
 */
export function serviceAndLogger(
  servicedir: string,
): { readonly dirs: readonly string[]; readonly supervised: boolean } {
  const supervised = isSupervised(servicedir);
  if (!hasLogger(servicedir)) return { dirs: [servicedir], supervised };
  const log = `${servicedir}/log`;
  if (isSupervised(log) !== supervised) {
    throw new SyscallError(`find ${servicedir} and its logger both supervised, or neither`, EINVAL);
  }
  return { dirs: [servicedir, log], supervised };
}

/** Links and waits. Returns false if the time was up. @throws {SyscallError} If a step fails. */
export async function linkService(request: LinkRequest): Promise<boolean> {
  const { scandir, servicedir, name, down, timeoutMs } = request;
  const { dirs, supervised } = serviceAndLogger(servicedir);
  const link = `${scandir}/${name}`;
  const undo: (() => void)[] = [];
  let done = false;
  const onSubscribed = (): void => {
    if (makeLink(servicedir, link, supervised)) undo.push(() => unlink(link));
    if (sendCommands(scandir, SVSCAN_CTLDIR, "a").kind !== "ok") {
      throw new SyscallError(`control ${scandir}`, ENXIO);
    }
    if (!supervised) undo.push(() => dismiss(scandir, dirs));
  };
  try {
    if (!supervised) {
      if (down !== "no" && makeDownFile(servicedir)) undo.push(() => unlink(`${servicedir}/down`));
      for (const dir of dirs) {
        makeFifodir(`${dir}/event`, { gid: request.eventGid, force: request.forceEventMode });
      }
    }
    const matches = (events: Uint8Array): boolean => events.includes(STARTED);
    const expectations = supervised
      ? []
      : dirs.map((dir) => ({ fifodir: `${dir}/event`, matches }));
    done = await expectEvents(expectations, { any: false, timeoutMs, onSubscribed }) !== undefined;
    if (done && down === "remove") unlink(`${servicedir}/down`);
    return done;
  } finally {
    if (!done) { for (const takeBack of undo) takeBack(); }
  }
}

/** Whether there was none. @throws {SyscallError} If it can't be made. */
function makeDownFile(servicedir: string): boolean {
  const path = `${servicedir}/down`;
  if (access(path, F_OK) === 0) return false;
  close(checkedFile(`create ${path}`, tryCreate(path, 0o666)));
  return true;
}

/**
 * Whether there was none. @throws {SyscallError} If the name is taken, unless the service is
 * supervised already.
 */
function makeLink(servicedir: string, link: string, supervised: boolean): boolean {
  const made = symlink(servicedir.startsWith("/") ? servicedir : realPath(servicedir), link);
  if (made === -EEXIST && supervised) return false;
  checked(`create link ${link}`, made);
  return true;
}

/**
 * Ends supervisors that did not start in time. The link is gone: s6-svscan, told so first, will not
 * start them again.
 */
function dismiss(scandir: string, dirs: readonly string[]): void {
  const [service, log] = dirs;
  tell(scandir, SVSCAN_CTLDIR, "a");
  tell(service!, SUPERVISE_DIRECTORY, "xd");
  if (log !== undefined) tell(log, SUPERVISE_DIRECTORY, "xo"); // a logger ends when its input does
}

function tell(dir: string, ctldir: string, commands: string): void {
  try {
    sendCommands(dir, ctldir, commands);
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    // the failure that made us give up is the one to report
  }
}
