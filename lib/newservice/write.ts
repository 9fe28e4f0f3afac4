/**
 * A new service directory, there at once and complete or not at all: it is made under a name that
 * s6-svscan passes over, and then renamed.
 */
import { EEXIST, EINVAL, ENOENT, ENOSYS, EPERM } from "../core/linux/errno.ts";
import { encodePath } from "../core/text/path_bytes.ts";
import { dirName } from "../core/text/path_name.ts";
import { readableName } from "../core/text/readable_name.ts";
import type { PlannedFile } from "../importer/core/service_plan.ts";
import { checked } from "../libc/bind.ts";
import { AT_FDCWD } from "../libc/directory.ts";
import { renameAt } from "../libc/entry.ts";
import { removeTree } from "../files/remove_tree.ts";
import { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } from "../core/linux/open_flags.ts";
import { chmod, close, mkdir, open, rename, writeAll } from "../libc/file.ts";
import { tryLstat } from "../libc/stat.ts";

const RANDOM_LETTERS = 12;
const DIRECTORY_MODE = 0o755;
const PROGRAM_MODE = 0o755;
const FILE_MODE = 0o644;

/** Something of that name is there already, and was left as it is. */
export class ExistsError extends Error {
  override readonly name = "ExistsError";
}

/**
 * Makes `parent/name`, and `parent` if it is not there.
 *
 * @throws {ExistsError} If there is something of that name.
 * @throws {SyscallError} If it can't be made; nothing is left of it then.
 */
export function writeService(parent: string, name: string, files: readonly PlannedFile[]): void {
  const path = `${parent}/${name}`;
  if (typeof tryLstat(path) !== "number") {
    throw new ExistsError(`${path} is there already; choose another name, or remove it`);
  }
  makeDirectories(parent);
  const temporary = `${parent}/.${name.slice(0, 100)}.new-${
    readableName(crypto.getRandomValues(new Uint8Array(RANDOM_LETTERS)))
  }`;
  checked(`create directory ${temporary}`, mkdir(temporary, DIRECTORY_MODE));
  try {
    checked(`set the mode of ${temporary}`, chmod(temporary, DIRECTORY_MODE));
    for (const file of files) writePlanned(temporary, file);
    place(temporary, path);
  } catch (error) {
    removeTree(temporary);
    throw error;
  }
}

function makeDirectories(path: string): void {
  if (path === "" || path === "/" || path === ".") return;
  const made = mkdir(path, DIRECTORY_MODE);
  if (made === -ENOENT) {
    makeDirectories(dirName(path));
    return makeDirectories(path);
  }
  if (made !== -EEXIST) checked(`create directory ${path}`, made);
}

function writePlanned(directory: string, { path, text, executable }: PlannedFile): void {
  const slash = path.lastIndexOf("/");
  if (slash > 0) makeDirectories(`${directory}/${path.slice(0, slash)}`);
  const file = `${directory}/${path}`;
  const fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, FILE_MODE);
  try {
    writeAll(fd, Uint8Array.from(encodePath(text)), `write ${file}`);
  } finally {
    close(fd);
  }
  // whatever the mask of the caller: other users run it
  checked(`set the mode of ${file}`, chmod(file, executable ? PROGRAM_MODE : FILE_MODE));
}

function place(temporary: string, path: string): void {
  const placed = renameAt({ dirFd: AT_FDCWD, name: temporary }, { dirFd: AT_FDCWD, name: path }, {
    replace: false,
  });
  if (placed === -EEXIST) {
    throw new ExistsError(`${path} is there already; choose another name, or remove it`);
  }
  // file systems that know no such renaming, and filters that forbid it: a directory never takes
  // the place of one that has something in it
  if ([-EINVAL, -ENOSYS, -EPERM].includes(placed)) {
    checked(`rename ${temporary} to ${path}`, rename(temporary, path));
  } else checked(`rename ${temporary} to ${path}`, placed);
}
