/**
 * Making a fifodir: mode 03730 and a group (its members may listen), or 01733 (everybody may).
 * Sticky, so that a listener can't remove another's FIFO. Source: s6, libs6/ftrigw_fifodir_make.c.
 */
import { EACCES, EEXIST, ENOTDIR } from "../core/linux/errno.ts";
import { checked } from "../libc/bind.ts";
import { chmod, chown, mkdir } from "../libc/file.ts";
import { getuid } from "../libc/process.ts";
import { isDirectory, tryStat } from "../libc/stat.ts";

export const FIFODIR_MODE_GROUP = 0o3730;
export const FIFODIR_MODE_PUBLIC = 0o1733;

export interface FifodirOptions {
  /** Only members of this group may listen; absent: everybody. */
  readonly gid?: number | undefined;
  /** Set group and mode of a directory that exists already. */
  readonly force?: boolean | undefined;
}

/**
 * Creates the fifodir `dir`. One that exists is left as it is, unless forced.
 *
 * @throws {SyscallError} If that fails, or `dir` belongs to another user or is no directory.
 */
export function makeFifodir(dir: string, options: FifodirOptions = {}): void {
  const { gid, force = false } = options;
  const action = `create fifodir at ${dir}`;
  const made = mkdir(dir, 0o700);
  if (made < 0) {
    if (made !== -EEXIST) checked(action, made);
    const found = tryStat(dir);
    if (typeof found === "number") {
      checked(action, found);
      return;
    }
    if (found.uid !== getuid()) checked(action, -EACCES);
    if (!isDirectory(found.mode)) checked(action, -ENOTDIR);
    if (!force) return;
  }
  if (gid !== undefined) checked(action, chown(dir, -1, gid));
  checked(action, chmod(dir, gid === undefined ? FIFODIR_MODE_PUBLIC : FIFODIR_MODE_GROUP));
}
