/**
 * The older name of /run: scripts made for s6-overlay 1 and 2 use /var/run/s6. Source: s6-overlay
 * 3.2.3, libexec/preinit.
 */
import { EBUSY, EEXIST, ENOENT, ENOTEMPTY, strerror } from "../core/linux/errno.ts";
import { removeTree } from "../files/remove_tree.ts";
import { SyscallError } from "../libc/bind.ts";
import { mkdir, rmdir, symlink, unlink } from "../libc/file.ts";
import { isDirectory, tryLstat, tryStat } from "../libc/stat.ts";

/**
 * Makes `varRun` a link to `rundir`. A directory that is not empty stays, and only its `s6` becomes
 * a link. A failure is only a warning, because only old scripts need the link.
 */
export function linkVarRun(rundir: string, varRun: string, warn: (text: string) => void): void {
  if (isSame(varRun, rundir)) return;
  const found = tryLstat(varRun);
  const failed = (errno: number): void =>
    warn(
      `unable to make ${varRun} a link to ${rundir}: ${
        strerror(errno)
      }; scripts that use ${varRun} need it, so make it in the image: ` +
        `RUN ln -s ${rundir} ${varRun}`,
    );
  if (found === -ENOENT) {
    mkdir(varRun.slice(0, varRun.lastIndexOf("/")), 0o755); // if this fails, so does the next step
  } else if (typeof found !== "number") {
    const removed = isDirectory(found.mode) ? rmdir(varRun) : unlink(varRun);
    if (removed === -ENOTEMPTY || removed === -EEXIST || removed === -EBUSY) {
      return linkInside(rundir, varRun, warn);
    }
    if (removed < 0) return failed(-removed);
    if (!isDirectory(found.mode)) warn(`${varRun} did not lead to ${rundir}, now it does`);
  }
  const made = symlink(rundir, varRun);
  if (made < 0) failed(-made);
}

/**
 * `varRun` is a directory of the image with files in it: links only what belongs to the overlay.
 */
function linkInside(rundir: string, varRun: string, warn: (text: string) => void): void {
  const inside = `${varRun}/s6`;
  if (isSame(inside, `${rundir}/s6`)) return;
  warn(
    `${varRun} is a directory with files in it, not a link to ${rundir}: making ${inside} a link to ${rundir}/s6`,
  );
  try {
    removeTree(inside);
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    return warn(error.message);
  }
  const made = symlink(`${rundir}/s6`, inside);
  if (made < 0) warn(`unable to link ${inside}: ${strerror(-made)}`);
}

function isSame(one: string, other: string): boolean {
  const a = tryStat(one);
  const b = tryStat(other);
  return typeof a !== "number" && typeof b !== "number" && a.dev === b.dev && a.ino === b.ino;
}
