/**
 * Makes missing log directories, with their parents, before their log host needs them, because its
 * user may not be allowed to. The log directory belongs to the log's user, its new parents to us.
 *
 * This is done only in directories where nobody else can interfere: owned by root or by us, and
 * either sticky or not writable for others. In any other directory the log host has to make it, and
 * reports a failure.
 */
import { O_DIRECTORY, O_NOFOLLOW, O_PATH } from "../core/linux/open_flags.ts";
import type { LogScript } from "../logdir/core/log_script.ts";
import { openAt } from "../libc/directory.ts";
import { chownAt, mkdirAt } from "../libc/entry.ts";
import { close, tryOpen } from "../libc/file.ts";
import { geteuid } from "../libc/process.ts";
import { type Stat, tryFstat, tryLstatAt, tryStat } from "../libc/stat.ts";
import type { Identity } from "./port.ts";

const PARENT_MODE = 0o755;
const LOGDIR_MODE = 0o2700;
const STICKY = 0o1000;
const WRITABLE_BY_OTHERS = 0o022;

/** @param directoryFd The directory for relative paths; @param owner Absent: ourselves */
export function makeLogdirs(
  { logdirs }: LogScript,
  directoryFd: number,
  owner: Identity | undefined,
): void {
  for (const { path } of logdirs) {
    const isThere = path.startsWith("/") ? tryStat(path) : tryLstatAt(directoryFd, path);
    if (typeof isThere === "number") makeOne(path, directoryFd, owner);
  }
}

function makeOne(path: string, directoryFd: number, owner: Identity | undefined): void {
  let fd = path.startsWith("/")
    ? tryOpen("/", O_PATH | O_DIRECTORY)
    : openAt(directoryFd, ".", O_PATH | O_DIRECTORY);
  const names = path.split("/").filter((name) => name !== "" && name !== ".");
  // the log host itself makes a directory that will be ours
  const needed = owner === undefined ? names.slice(0, -1) : names;
  for (const [at, name] of needed.entries()) {
    if (fd < 0) return;
    const next = enter(fd, name, at === names.length - 1 ? owner : undefined);
    close(fd);
    fd = next;
  }
  if (fd >= 0) close(fd);
}

/** Opens the directory `name` in another, and makes it if necessary; negative if we must not. */
function enter(dirFd: number, name: string, owner: Identity | undefined): number {
  const above = tryFstat(dirFd);
  if (typeof above === "number" || !isSafe(above)) return -1;
  // in a sticky directory others may have placed a link
  const noFollow = (above.mode & STICKY) === 0 ? 0 : O_NOFOLLOW;
  const there = openAt(dirFd, name, O_PATH | O_DIRECTORY | noFollow);
  if (there >= 0) return there;
  const made = mkdirAt(dirFd, name, owner === undefined ? PARENT_MODE : LOGDIR_MODE);
  if (made >= 0 && owner !== undefined) chownAt({ dirFd, name }, owner.uid, owner.gid);
  return openAt(dirFd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW);
}

function isSafe({ uid, mode }: Stat): boolean {
  return (uid === 0 || uid === geteuid()) &&
    ((mode & WRITABLE_BY_OTHERS) === 0 || (mode & STICKY) !== 0);
}
