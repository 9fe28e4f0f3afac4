/** The port of `hexad check` on libc. */
import { byBytes } from "../core/text/bytes.ts";
import { ELOOP, ENOENT, ENOTDIR, strerror } from "../core/linux/errno.ts";
import { isDots, readNames } from "../libc/directory.ts";
import { SyscallError } from "../libc/bind.ts";
import { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } from "../core/linux/open_flags.ts";
import { close, readlink, readUpTo, tryOpen } from "../libc/file.ts";
import { isHeldByC } from "../procfs/lock_holder.ts";
import { S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFREG, tryFstat, tryLstat } from "../libc/stat.ts";
import type { CheckPort, FileRecord, FileType, Names } from "./port.ts";

/** Directories with more names than this are no service directories. */
const MAX_NAMES = 4096;

const TYPES: Readonly<Record<number, FileType>> = {
  [S_IFREG]: "file",
  [S_IFDIR]: "directory",
  [S_IFLNK]: "link",
  [S_IFIFO]: "fifo",
};

export const SYSTEM: CheckPort = {
  isHeldByC,
  record(path: string): FileRecord | undefined | string {
    const found = tryLstat(path);
    if (found === -ENOENT || found === -ENOTDIR) return undefined;
    if (typeof found === "number") return strerror(-found);
    const { mode, uid, gid, dev, ino } = found;
    return { type: TYPES[mode & S_IFMT] ?? "other", mode, uid, gid, identity: `${dev}:${ino}` };
  },
  target(path: string): string | undefined {
    const target = readlink(path);
    return typeof target === "number" ? undefined : target;
  },
  names(path: string): Names | string {
    const fd = tryOpen(path, O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_NOFOLLOW);
    if (fd < 0) return strerror(-fd);
    try {
      const names: string[] = [];
      while (names.length <= MAX_NAMES) {
        const some = readNames(fd, () => "read it");
        if (some.length === 0) break;
        for (const name of some) if (!isDots(name)) names.push(name);
      }
      return {
        names: names.slice(0, MAX_NAMES).sort(byBytes),
        truncated: names.length > MAX_NAMES,
      };
    } catch (error) {
      if (error instanceof SyscallError) return error.reason;
      throw error;
    } finally {
      close(fd);
    }
  },
  read(path: string, limit: number): Uint8Array | string {
    const fd = tryOpen(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    if (fd < 0) return strerror(-fd === ELOOP ? ENOENT : -fd);
    try {
      const opened = tryFstat(fd);
      if (typeof opened === "number" || (opened.mode & S_IFMT) !== S_IFREG) {
        return "it is no regular file";
      }
      const bytes = readUpTo(fd, limit);
      return typeof bytes === "number" ? strerror(-bytes) : bytes;
    } finally {
      close(fd);
    }
  },
};
