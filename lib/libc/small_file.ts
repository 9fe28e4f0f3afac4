/**
 * Small files, read and replaced as a whole, where somebody else may have planted something in
 * their place.
 */
import { ENOENT } from "../core/linux/errno.ts";
import { checked, SyscallError } from "./bind.ts";
import { O_RDONLY } from "../core/linux/open_flags.ts";
import { close, readUpTo, rename, unlink, writeAll } from "./file.ts";
import { checkedFile, tryCreate, tryOpenFile } from "./wary_open.ts";

/**
 * The first `limit` bytes of a small file, or `undefined` if there is none of that name. Links are
 * followed; /dev/null is an empty file.
 *
 * @throws {SyscallError} If the file exists and can't be read, or is a FIFO, a device or a
 *   directory.
 */
export function readSmallFile(path: string, limit: number): Uint8Array<ArrayBuffer> | undefined {
  const fd = tryOpenFile(path, O_RDONLY, { follow: true });
  if (fd === -ENOENT) return undefined;
  checkedFile(`open ${path}`, fd);
  try {
    const bytes = readUpTo(fd, limit, true);
    if (typeof bytes !== "number") return bytes;
    throw new SyscallError(`read ${path}`, -bytes);
  } finally {
    close(fd);
  }
}

/**
 * Replaces `path` in one step: writes `path.new`, then renames it. A reader sees the old file or
 * the new one, never a part. What somebody has put in the place of either is not written to: it is
 * replaced.
 *
 * @throws {SyscallError} If any step fails; `path` is then as it was.
 */
export function writeFileAtomically(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  mode = 0o666,
): void {
  const temporary = `${path}.new`;
  const fd = checkedFile(`open ${temporary}`, tryCreate(temporary, mode));
  try {
    writeAll(fd, bytes, `write ${temporary}`);
  } catch (error) {
    unlink(temporary);
    throw error;
  } finally {
    close(fd);
  }
  const renamed = rename(temporary, path);
  if (renamed < 0) unlink(temporary);
  checked(`rename ${temporary} to ${path}`, renamed);
}
