/**
 * Standard descriptors that the chain has let go of. The runtime keeps copies of 0, 1 and 2, so a
 * pipe that is closed here would still have this process at its end, and who reads or writes the
 * other end would never notice. While a chain runs on that does not matter; before it waits for
 * anybody the copies are replaced.
 */
import { checked } from "../libc/bind.ts";
import { dup2, setCloexec, statusFlags } from "../libc/fd.ts";
import { O_RDONLY } from "../core/linux/open_flags.ts";
import { close, open, readDirectory } from "../libc/file.ts";
import { isInherited } from "../libc/replace_descriptors.ts";
import { fstat, S_IFIFO, S_IFMT, S_IFSOCK, type Stat, tryFstat } from "../libc/stat.ts";

const LAST_STANDARD_FD = 2;
const O_ACCMODE = 3;

interface Dropped extends Pick<Stat, "dev" | "ino"> {
  readonly access: number;
}

let dropped: Dropped[] = [];

/** Notes that `fd` is about to be closed for good. */
export function letGoOfStandardFile(fd: number): void {
  if (fd > LAST_STANDARD_FD) return;
  const { dev, ino, mode } = fstat(fd);
  const kind = mode & S_IFMT;
  if (kind === S_IFIFO || kind === S_IFSOCK) {
    dropped.push({ dev, ino, access: statusFlags(fd) & O_ACCMODE });
  }
}

/**
 * Replaces the runtime's copies of what has been let go.
 *
 * @param held Our descriptors that are in use: one of them may be open on the same file.
 * @throws {SyscallError} If /proc is not there.
 */
export function closeStandardCopies(held: ReadonlySet<number>): void {
  if (dropped.length === 0) return;
  const files = dropped;
  dropped = [];
  const nothing = open("/dev/null", O_RDONLY);
  try {
    for (const name of readDirectory("/proc/self/fd")) {
      const fd = Number(name);
      if (fd === nothing || held.has(fd) || isInherited(fd)) continue;
      const there = tryFstat(fd);
      if (typeof there === "number" || !files.some((file) => isCopy(file, there, fd))) continue;
      checked(`replace descriptor ${fd}`, dup2(nothing, fd));
      setCloexec(fd, true);
    }
  } finally {
    close(nothing);
  }
}

function isCopy(file: Dropped, there: Stat, fd: number): boolean {
  return file.dev === there.dev && file.ino === there.ino &&
    file.access === (statusFlags(fd) & O_ACCMODE);
}
