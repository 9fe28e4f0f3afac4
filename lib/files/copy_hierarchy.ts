/**
 * Copying a file, or a directory with all that is in it: contents, permissions, owner and group;
 * links, FIFOs, sockets and devices as what they are. What is there already is kept or, if it is a
 * regular file, overwritten; a link to a directory counts as that directory.
 *
 * Directories are held open, and their entries are looked at and made in them, so that nobody can
 * lead the reading elsewhere meanwhile. Source: s6-portable-utils, doc/s6-hiercopy.html; skalibs,
 * hiercopy_internal.c.
 */
import { EEXIST, EFBIG, EINVAL, ENOTSUP } from "../core/linux/errno.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { AT_FDCWD, isDots, openAt, readNames } from "../libc/directory.ts";
import {
  chownAt,
  fchmod,
  fchown,
  mkdirAt,
  mknodAt,
  type NameAt,
  readlinkAt,
  symlinkAt,
} from "../libc/entry.ts";
import {
  O_CREAT,
  O_DIRECTORY,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_RDONLY,
  O_WRONLY,
} from "../core/linux/open_flags.ts";
import { close, ftruncate } from "../libc/file.ts";
import {
  fstat,
  isRegular,
  S_IFBLK,
  S_IFCHR,
  S_IFDIR,
  S_IFIFO,
  S_IFLNK,
  S_IFMT,
  S_IFREG,
  S_IFSOCK,
  type Stat,
  tryLstatAt,
} from "../libc/stat.ts";
import { withUmask } from "../libc/cwd.ts";
import { copyInput } from "./input.ts";

const OWNER_ONLY = 0o700;
const PERMISSION_BITS = 0o7777;
const SET_ID_BITS = 0o6000;

/** An entry of an open directory. */
interface EntryAt extends NameAt {
  /** As the user would write it. */
  readonly path: string;
}

/** How many bytes of files may still be copied. */
export interface CopyRoom {
  bytes: number;
}

interface Copying {
  readonly onFailure: (error: SyscallError) => void;
  readonly room: CopyRoom;
}

/**
 * Copies `from` to `to`. `onFailure` gets what can't be copied within a directory, and the
 * rest is copied.
 *
 * @param room Takes note of the bytes that are copied; a file for which there is none is not
 *   (EFBIG).
 * @throws {SyscallError} If `from` itself can't be.
 */
export function copyHierarchy(
  from: string,
  to: string,
  onFailure: (error: SyscallError) => void,
  room: CopyRoom = { bytes: Infinity },
): void {
  const source = { dirFd: AT_FDCWD, name: from, path: from };
  const target = { dirFd: AT_FDCWD, name: to, path: to };
  withUmask(0, () => copyEntry(source, target, { onFailure, room }));
}

function copyEntry(from: EntryAt, to: EntryAt, copying: Copying): void {
  const stat = tryLstatAt(from.dirFd, from.name);
  if (typeof stat === "number") throw new SyscallError(`look at ${from.path}`, -stat);
  switch (stat.mode & S_IFMT) {
    case S_IFREG:
      return copyFile(from, to, copying);
    case S_IFDIR:
      return copyDirectory(from, to, copying);
    case S_IFLNK:
      return copyLink(from, to, stat);
    case S_IFIFO:
    case S_IFSOCK:
    case S_IFCHR:
    case S_IFBLK:
      checked(`create ${to.path}`, mknodAt(to.dirFd, to.name, stat));
      chownAt(to, stat.uid, stat.gid); // fails for those who are not root
      return;
    default:
      throw new SyscallError(`copy ${from.path}`, ENOTSUP);
  }
}

function copyFile(from: EntryAt, to: EntryAt, { room }: Copying): void {
  using stack = new DisposableStack();
  const inFd = checked(
    `open ${from.path} for reading`,
    openAt(from.dirFd, from.name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK),
  );
  stack.defer(() => close(inFd));
  const stat = fstat(inFd);
  if (!isRegular(stat.mode)) {
    throw new SyscallError(`copy ${from.path}`, EINVAL, "somebody has put something else there");
  }
  if (stat.size > room.bytes) throw new SyscallError(`copy ${from.path}`, EFBIG);
  room.bytes -= stat.size;
  const outFd = checked(
    `open ${to.path} for writing`,
    openAt(to.dirFd, to.name, O_WRONLY | O_CREAT | O_NONBLOCK, stat.mode & OWNER_ONLY),
  );
  stack.defer(() => close(outFd));
  const target = fstat(outFd);
  if (!isRegular(target.mode)) {
    throw new SyscallError(`write ${to.path}`, EEXIST, "it is no regular file");
  }
  if (target.dev === stat.dev && target.ino === stat.ino) {
    throw new SyscallError(`copy ${from.path}`, EINVAL, `${to.path} is the same file`);
  }
  checked(`empty ${to.path}`, ftruncate(outFd, 0));
  copyInput({ fd: inFd, name: from.path }, outFd, { action: `write ${to.path}` });
  giveAway(outFd, stat, to.path);
}

function copyDirectory(from: EntryAt, to: EntryAt, copying: Copying): void {
  using stack = new DisposableStack();
  const fromFd = checked(
    `open directory ${from.path}`,
    openAt(from.dirFd, from.name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK),
  );
  stack.defer(() => close(fromFd));
  // before there is anything new, since that may be in here
  const names = allNames(fromFd, from.path);
  const made = mkdirAt(to.dirFd, to.name, OWNER_ONLY);
  if (made !== -EEXIST) checked(`create directory ${to.path}`, made);
  const toFd = checked(
    `open directory ${to.path}`,
    openAt(to.dirFd, to.name, O_RDONLY | O_DIRECTORY | O_NONBLOCK),
  );
  stack.defer(() => close(toFd));
  for (const name of names) {
    try {
      const source = { dirFd: fromFd, name, path: `${from.path}/${name}` };
      copyEntry(source, { dirFd: toFd, name, path: `${to.path}/${name}` }, copying);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      copying.onFailure(error);
    }
  }
  giveAway(toFd, fstat(fromFd), to.path);
}

function allNames(dirFd: number, path: string): readonly string[] {
  const names: string[] = [];
  for (;;) {
    const some = readNames(dirFd, () => `read directory ${path}`);
    if (some.length === 0) return names.filter((name) => !isDots(name));
    names.push(...some);
  }
}

function copyLink(from: EntryAt, to: EntryAt, stat: Stat): void {
  const target = readlinkAt(from.dirFd, from.name);
  if (typeof target === "number") throw new SyscallError(`read ${from.path}`, -target);
  checked(`create ${to.path}`, symlinkAt(target, to.dirFd, to.name));
  chownAt(to, stat.uid, stat.gid);
}

/**
 * Owner and group, as far as we may; then the permissions, since a change of owner takes away some
 * of them.
 */
function giveAway(fd: number, { mode, uid, gid }: Stat, path: string): void {
  const isTheirs = fchown(fd, uid, gid) === 0;
  // a program that would run as its owner must not do so as us
  const permissions = mode & (isTheirs ? PERMISSION_BITS : PERMISSION_BITS & ~SET_ID_BITS);
  checked(`change mode of ${path}`, fchmod(fd, permissions));
}
