/**
 * Making entries of an open directory, and giving files away. Nothing here follows a symbolic link
 * that is the last component. Functions that return a number return C's result, or `-errno`.
 */
import { decodePath, encodeCString } from "../core/text/path_bytes.ts";
import { bindLibrary, call } from "./bind.ts";

const AT_SYMLINK_NOFOLLOW = 0x100;
const AT_SYMLINK_FOLLOW = 0x400;
const RENAME_NOREPLACE = 1;
const RENAME_EXCHANGE = 2;
const PATH_MAX = 4096;

const libc = bindLibrary({
  mkdirat: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  mknodat: {
    parameters: [
      "i32", // int dirfd
      "buffer", // const char *pathname
      "u32", // mode_t mode
      "u64", // dev_t dev
    ],
    result: "i32",
  },
  symlinkat: {
    parameters: [
      "buffer", // const char *target
      "i32", // int newdirfd
      "buffer", // const char *linkpath
    ],
    result: "i32",
  },
  readlinkat: { parameters: ["i32", "buffer", "buffer", "usize"], result: "i32" },
  linkat: {
    parameters: [
      "i32", // int olddirfd
      "buffer", // const char *oldpath
      "i32", // int newdirfd
      "buffer", // const char *newpath
      "i32", // int flags
    ],
    result: "i32",
  },
  fchownat: {
    parameters: [
      "i32", // int dirfd
      "buffer", // const char *pathname
      "u32", // uid_t owner
      "u32", // gid_t group
      "i32", // int flags
    ],
    result: "i32",
  },
  fchown: { parameters: ["i32", "u32", "u32"], result: "i32" },
  fchmod: { parameters: ["i32", "u32"], result: "i32" },
  renameat2: {
    parameters: [
      "i32", // int olddirfd
      "buffer", // const char *oldpath
      "i32", // int newdirfd
      "buffer", // const char *newpath
      "u32", // unsigned int flags
    ],
    result: "i32",
  },
});

export function mkdirAt(dirFd: number, name: string, mode: number): number {
  return call(libc.mkdirat, dirFd, encodeCString(name), mode);
}

/** Makes a FIFO, a socket or a device: `mode` has the kind and the permissions. */
export function mknodAt(
  dirFd: number,
  name: string,
  node: { readonly mode: number; readonly rdev: bigint },
): number {
  return call(libc.mknodat, dirFd, encodeCString(name), node.mode, node.rdev);
}

export function symlinkAt(target: string, dirFd: number, name: string): number {
  return call(libc.symlinkat, encodeCString(target), dirFd, encodeCString(name));
}

/** The target of a symbolic link, or `-errno`. */
export function readlinkAt(dirFd: number, name: string): string | number {
  const buffer = new Uint8Array(PATH_MAX);
  const length = call(libc.readlinkat, dirFd, encodeCString(name), buffer, BigInt(buffer.length));
  return length < 0 ? length : decodePath(buffer.subarray(0, length));
}

/**
 * Gives a file of the directory `fromDirFd` a name in `toDirFd`; with `follow`, what a symbolic
 * link points to, and not the link.
 */
export function linkAt(
  from: NameAt,
  to: NameAt,
  { follow }: { readonly follow: boolean },
): number {
  const flags = follow ? AT_SYMLINK_FOLLOW : 0;
  return call(
    libc.linkat,
    from.dirFd,
    encodeCString(from.name),
    to.dirFd,
    encodeCString(to.name),
    flags,
  );
}

export interface NameAt {
  readonly dirFd: number;
  readonly name: string;
}

/** Changes owner and group of an entry; of a link, not of what it points to. */
export function chownAt({ dirFd, name }: NameAt, uid: number, gid: number): number {
  return call(libc.fchownat, dirFd, encodeCString(name), uid, gid, AT_SYMLINK_NOFOLLOW);
}

/** Changes owner and group; -1 leaves that one as it is. */
export function fchown(fd: number, uid: number, gid: number): number {
  return call(libc.fchown, fd, uid >>> 0, gid >>> 0);
}

export function fchmod(fd: number, mode: number): number {
  return call(libc.fchmod, fd, mode);
}

/**
 * Two names change places in one step. `-EINVAL` or `-ENOSYS` where the file system or the kernel
 * can't do that.
 */
export function exchange(one: NameAt, other: NameAt): number {
  return call(
    libc.renameat2,
    one.dirFd,
    encodeCString(one.name),
    other.dirFd,
    encodeCString(other.name),
    RENAME_EXCHANGE,
  );
}

/**
 * Gives an entry another name, in one step. Without `replace`: `-EEXIST` if there is one of that
 * name.
 */
export function renameAt(
  from: NameAt,
  to: NameAt,
  { replace }: { readonly replace: boolean },
): number {
  const flags = replace ? 0 : RENAME_NOREPLACE;
  return call(
    libc.renameat2,
    from.dirFd,
    encodeCString(from.name),
    to.dirFd,
    encodeCString(to.name),
    flags,
  );
}
