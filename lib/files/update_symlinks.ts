/**
 * Putting a tree of symbolic links in the place of another. It is made beside it under a name that
 * nobody else has, and then the two change places in one step. Source: s6-portable-utils,
 * doc/s6-update-symlinks.html, s6-update-symlinks.c.
 */
import { EEXIST, EINVAL, EISDIR, ENOSYS, ENOTDIR, ENOTEMPTY, EPERM } from "../core/linux/errno.ts";
import { symlinkUnion, type UnionNode } from "../utilities/core/symlink_union.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { AT_FDCWD } from "../libc/directory.ts";
import { exchange } from "../libc/entry.ts";
import { mkdir, readDirectory, rename, symlink } from "../libc/file.ts";
import { removeTree } from "./remove_tree.ts";
import { uniqueName } from "./unique_name.ts";

const NEW = ":s6-update-symlinks-new";
const OLD = ":s6-update-symlinks-old";
const RANDOM_LETTERS = 8;
const DIRECTORY_MODE = 0o777;
/** What rename says when the new tree can't simply take the place of the old one. */
const IN_THE_WAY: ReadonlySet<number> = new Set([EEXIST, EISDIR, ENOTDIR, ENOTEMPTY]);

/**
 * Makes `path` the union of `sources`, later ones before earlier ones. What stood there is removed.
 *
 * @throws {UnionConflict} If the sources contradict each other; `path` is as it was then.
 * @throws {SyscallError} If a source can't be read, or the tree can't be made; `path` is as it
 *   was then. Or if the old tree can't be removed: `path` is the new one then, and the message
 *   names the old one.
 */
export function updateSymlinks(path: string, sources: readonly string[]): void {
  const union = symlinkUnion(path, sources, listDirectory);
  const fresh = uniqueName(path + NEW, RANDOM_LETTERS);
  let old: string | undefined;
  try {
    makeUnion(fresh, union);
    old = putInPlace(fresh, path);
  } catch (error) {
    removeTree(fresh);
    throw error;
  }
  if (old !== undefined) removeTree(old);
}

function listDirectory(path: string): readonly string[] | undefined {
  try {
    return readDirectory(path);
  } catch (error) {
    if (error instanceof SyscallError && error.errno === ENOTDIR) return undefined;
    throw error;
  }
}

function makeUnion(path: string, node: UnionNode): void {
  if (node.kind === "link") {
    checked(`create ${path}`, symlink(node.target, path));
    return;
  }
  checked(`create ${path}`, mkdir(path, DIRECTORY_MODE));
  for (const [name, entry] of node.entries) makeUnion(`${path}/${name}`, entry);
}

/** Returns the path that what stood at `path` has now, if it still exists. */
function putInPlace(fresh: string, path: string): string | undefined {
  const renamed = rename(fresh, path);
  if (!IN_THE_WAY.has(-renamed)) {
    checked(`rename ${fresh} to ${path}`, renamed);
    return undefined;
  }
  const exchanged = exchange({ dirFd: AT_FDCWD, name: fresh }, { dirFd: AT_FDCWD, name: path });
  if (![-EINVAL, -ENOSYS, -EPERM].includes(exchanged)) {
    checked(`exchange ${fresh} and ${path}`, exchanged);
    return fresh;
  }
  // the file system can't, or a filter forbids it: for a moment there is nothing
  const old = uniqueName(path + OLD, RANDOM_LETTERS);
  checked(`rename ${path} to ${old}`, rename(path, old));
  const result = rename(fresh, path);
  if (result < 0) rename(old, path);
  checked(`rename ${fresh} to ${path}`, result);
  return old;
}
