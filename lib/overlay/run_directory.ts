/**
 * Prepares the runtime directory, usually /run, before anything runs: it exists, is writable and
 * ours, and holds nothing of an earlier start.
 *
 * The container may not run as root, and none of our programs is set-user-ID. So the overlay's
 * tarball brings a RUNDIR/s6 that any user may write to (mode 1777), with links to it from RUNDIR.
 * If we can't write to RUNDIR itself, everything is made inside RUNDIR/s6. Source: s6-overlay
 * 3.2.3, libexec/preinit; 2.2, init-stage1 for /var/run/s6/services.
 */
import { SVSCAN_CTLDIR } from "../scandir/core/svscan_names.ts";
import { EXIT_SYSTEM, EXIT_USAGE } from "../core/cli/exit_codes.ts";
import { EACCES, EEXIST, ENOENT, EPERM, EROFS, strerror } from "../core/linux/errno.ts";
import type { OverlayPaths } from "./core/overlay_paths.ts";
import { DEFAULT_RUNDIR, overlayPaths, RUNDIR_VARIABLE } from "./core/overlay_paths.ts";
import { isKeptByRoot, judgeRunDirectory, runDirectoryCure } from "./core/run_permissions.ts";
import { removeTree } from "../files/remove_tree.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import {
  access,
  chmod,
  chown,
  close,
  mkdir,
  readDirectory,
  readlink,
  symlink,
  W_OK,
  X_OK,
} from "../libc/file.ts";
import { ownGroups } from "../libc/identity.ts";
import { isLocked } from "../libc/lock.ts";
import { isMountedNoexec, mountTmpfs, remountExecutable } from "../libc/mount.ts";
import { geteuid } from "../libc/process.ts";
import { isDirectory, stat, tryLstat, tryStat } from "../libc/stat.ts";
import { tryOpenLock } from "../servicedir/client.ts";
import { parseMountinfo } from "../loghost/core/mount_table.ts";
import { readMountinfo } from "../loghost/file_systems.ts";
import { OverlayError } from "./overlay_error.ts";
import { linkVarRun } from "./var_run.ts";

const STICKY_FOR_ALL = 0o1777;
const MODE = 0o755;

export interface RunDirectoryOptions {
  /** Absolute. */
  readonly rundir: string;
  /**
   * Mount a tmpfs there if necessary. This also happens unasked if the file system is read-only.
   */
  readonly readOnlyRoot: boolean;
  /** The setting S6_YES_I_WANT_A_WORLD_WRITABLE_RUN_BECAUSE_KUBERNETES. */
  readonly acceptWorldWritable: boolean;
  warn(text: string): void;
  /** The older name of /run; absent: /var/run. */
  readonly varRun?: string;
}

/**
 * Makes `rundir` ready. In it, `s6`, `service` and `s6-linux-init-container-results` are new, empty
 * and ours, and `s6/services` points to `service`. If `rundir` is /run, /var/run points to it if
 * possible.
 *
 * @throws {OverlayError} If that is impossible: 100 for unsafe permissions, 111 if a system call
 *   fails.
 */
export function prepareRunDirectory(options: RunDirectoryOptions): void {
  const { rundir, warn } = options;
  const uid = geteuid();
  if (!rundir.startsWith("/")) {
    throw new OverlayError(
      EXIT_USAGE,
      `${RUNDIR_VARIABLE} is not an absolute path: ${rundir}; name one that begins with /`,
    );
  }
  try {
    provide(options, uid);
    const paths = overlayPaths(rundir);
    refuseIfInUse(paths);
    const direct = takeOver(options, uid);
    makeExecutable(options);
    if (direct) makeDirectly(paths);
    else makeInside(paths);
    checked(`link ${paths.state}/services`, symlink("../service", `${paths.state}/services`));
    if (rundir === DEFAULT_RUNDIR || options.varRun !== undefined) {
      linkVarRun(rundir, options.varRun ?? "/var/run", warn);
    }
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    throw new OverlayError(EXIT_SYSTEM, `${error.message}; ${cureOf(error.errno, rundir, uid)}`);
  }
}

function cureOf(errno: number, rundir: string, uid: number): string {
  if (errno === EACCES || errno === EPERM || errno === EROFS) return cureFor(rundir, uid);
  return `look at what is in ${rundir}, or start with an empty one: --tmpfs ${rundir}:exec`;
}

function cureFor(rundir: string, uid: number): string {
  return runDirectoryCure(rundir, uid, isMountPoint(rundir));
}

function isMountPoint(path: string): boolean {
  return parseMountinfo(readMountinfo()).some(({ point }) => point === path);
}

/** Makes sure that the directory exists, on a writable file system. */
function provide({ rundir, readOnlyRoot }: RunDirectoryOptions, uid: number): void {
  const found = tryStat(rundir);
  if (typeof found !== "number" && !isDirectory(found.mode)) {
    throw new OverlayError(
      EXIT_USAGE,
      `${rundir} is not a directory; remove it from the image, or set ${RUNDIR_VARIABLE} to another one`,
    );
  }
  if (found === -ENOENT) {
    const made = makePath(rundir);
    if (made === -EROFS) {
      throw new OverlayError(
        EXIT_USAGE,
        `${rundir} is missing in an image that is read-only; ${cureFor(rundir, uid)}`,
      );
    }
    checked(`create directory ${rundir}`, made);
  }
  const writable = access(rundir, W_OK | X_OK);
  if (writable === 0 || !(readOnlyRoot || writable === -EROFS)) return;
  if (
    uid !== 0 && isPrepared(overlayPaths(rundir)) && access(overlayPaths(rundir).state, W_OK) === 0
  ) return;
  const mounted = mountTmpfs(rundir);
  if (mounted === 0) return;
  const failure = `${rundir} is not writable (${
    strerror(-writable)
  }), and a tmpfs can't be mounted on it (${strerror(-mounted)})`;
  throw new OverlayError(EXIT_SYSTEM, `${failure}; ${cureFor(rundir, uid)}`);
}

/** Returns 0, or the error number of the first directory that can't be made. */
function makePath(path: string): number {
  for (let end = path.indexOf("/", 1); end !== -1; end = path.indexOf("/", end + 1)) {
    const made = mkdir(path.slice(0, end), MODE);
    if (made < 0 && made !== -EEXIST && made !== -EROFS) return made;
  }
  return mkdir(path, MODE);
}

function makeExecutable({ rundir, readOnlyRoot, warn }: RunDirectoryOptions): void {
  if (!isMountedNoexec(rundir)) return;
  if (readOnlyRoot && remountExecutable(rundir) === 0 && !isMountedNoexec(rundir)) return;
  warn(
    `${rundir} is mounted noexec: scripts are run from where they are in the image, but nothing that they put there can be run; ` +
      `mount it with exec (--tmpfs ${rundir}:exec) if they do`,
  );
}

/** Two containers on one directory would remove each other's files. */
function refuseIfInUse({ rundir, scandir }: OverlayPaths): void {
  const fd = tryOpenLock(scandir, SVSCAN_CTLDIR);
  if (fd < 0) return;
  try {
    if (!isLocked(fd)) return;
  } finally {
    close(fd);
  }
  throw new OverlayError(
    EXIT_USAGE,
    `another s6-svscan is running on ${scandir}; give each container its own ${rundir}, or another one with ${RUNDIR_VARIABLE}`,
  );
}

/**
 * Makes the directory ours if we may; otherwise checks whether it is safe. Returns false if the
 * directories that the tarball brings are to be used.
 */
function takeOver(
  { rundir, acceptWorldWritable, warn }: RunDirectoryOptions,
  uid: number,
): boolean {
  const found = stat(rundir);
  if (found.uid === uid) return true;
  if (uid !== 0 && isKeptByRoot(found) && isPrepared(overlayPaths(rundir))) return false;
  const use = judgeRunDirectory(
    rundir,
    found,
    { uid, gids: uid === 0 ? [0] : ownGroups() },
    acceptWorldWritable,
  );
  switch (use.kind) {
    case "ours":
      return true;
    case "take over":
      checked(`chown ${rundir} to root`, chown(rundir, 0, 0));
      checked(`chmod ${rundir}`, chmod(rundir, MODE));
      return true;
    case "accepted":
      if (use.warning !== undefined) warn(use.warning);
      return true;
    case "refused": {
      const cure = `${use.cure === undefined ? "" : `${use.cure}, or `}${cureFor(rundir, uid)}`;
      throw new OverlayError(EXIT_USAGE, `${use.reason}; ${cure}`);
    }
    default:
      return use satisfies never;
  }
}

/** The places inside RUNDIR/s6 that the tarball's links point to. */
const INSIDE = { scandir: "s6/service", results: "s6/results", rc: "s6/rc" } as const;

/** Whether what the tarball put into RUNDIR still exists, belongs to root and is safe to share. */
function isPrepared({ state, scandir, results }: OverlayPaths): boolean {
  const shared = tryLstat(state);
  if (
    typeof shared === "number" || !isDirectory(shared.mode) || shared.uid !== 0 ||
    (shared.mode & 0o7777) !== STICKY_FOR_ALL
  ) {
    return false;
  }
  return readlink(scandir) === INSIDE.scandir && readlink(results) === INSIDE.results;
}

/**
 * Where to make s6-rc's live folder: the path that users know, or the place that the tarball's link
 * there points to.
 */
export function livePath({ rundir }: OverlayPaths): string {
  const known = `${rundir}/s6-rc`;
  return readlink(known) === INSIDE.rc ? `${rundir}/${INSIDE.rc}` : known;
}

/** The usual way: three directories in RUNDIR. */
function makeDirectly({ rundir, state, scandir, results }: OverlayPaths): void {
  const { dev } = stat(rundir);
  const leftovers = readDirectory(rundir).filter((name) =>
    name.startsWith("s6-rc") || name === "uncaught-logs"
  );
  for (const path of [state, scandir, results, ...leftovers.map((name) => `${rundir}/${name}`)]) {
    clear(path, dev);
  }
  for (const path of [state, scandir, results]) makeOwn(path);
}

/**
 * Removes a directory. A mount point stays: a volume for logs with its contents, any other one
 * emptied.
 */
function clear(path: string, dev: bigint): void {
  const found = tryLstat(path);
  if (typeof found === "number" || !isDirectory(found.mode) || found.dev === dev) {
    return removeTree(path);
  }
  if (!path.endsWith("/uncaught-logs")) clearContents(path);
}

function clearContents(path: string): void {
  for (const name of readDirectory(path)) removeTree(`${path}/${name}`);
}

function makeOwn(path: string): void {
  const made = mkdir(path, MODE);
  if (made === -EEXIST) return; // a mount point
  checked(`create directory ${path}`, made);
  checked(`chmod ${path}`, chmod(path, MODE)); // regardless of the umask
}

/**
 * For users who may write only to RUNDIR/s6. What they make there is theirs, and the sticky bit
 * protects it.
 */
function makeInside({ rundir, state }: OverlayPaths): void {
  clearContents(state);
  for (const path of [INSIDE.scandir, INSIDE.results]) {
    checked(`create directory ${rundir}/${path}`, mkdir(`${rundir}/${path}`, MODE));
    checked(`chmod ${rundir}/${path}`, chmod(`${rundir}/${path}`, MODE));
  }
}
