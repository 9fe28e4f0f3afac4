/**
 * Reading and emptying `supervise/death_tally`.
 *
 * A reader never writes: a tally whose size is wrong counts as empty and stays as it is (C
 * truncates it, which an unprivileged reader can't). Source: s6, libs6/s6_dtally_read.c,
 * s6_dtally_write.c.
 */
import { DTALLY_FILENAME } from "./core/supervise_files.ts";
import type { Death } from "./core/dtally.ts";
import { DTALLY_PACK, MAX_DEATH_TALLY, unpackDtally } from "./core/dtally.ts";
import { ENOENT } from "../core/linux/errno.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { O_RDONLY } from "../core/linux/open_flags.ts";
import { access, close, F_OK } from "../libc/file.ts";
import { pread } from "../libc/fd.ts";
import { writeFileAtomically } from "../libc/small_file.ts";
import { fstat } from "../libc/stat.ts";
import { checkedFile, tryOpenFile } from "../libc/wary_open.ts";

/**
 * The newest `max` deaths of the service in `dir`, oldest first.
 *
 * @throws {SyscallError} If there is no `supervise` directory, or the tally can't be read.
 */
export function readDtally(dir: string, max = MAX_DEATH_TALLY): Death[] {
  const action = `read death tally for service ${dir}`;
  const fd = tryOpenFile(`${dir}/${DTALLY_FILENAME}`, O_RDONLY);
  if (fd === -ENOENT) {
    checked(action, access(`${dir}/supervise`, F_OK));
    return [];
  }
  checkedFile(action, fd);
  try {
    const { size } = fstat(fd);
    if (size % DTALLY_PACK !== 0) return [];
    const bytes = new Uint8Array(Math.min(size, DTALLY_PACK * Math.min(max, MAX_DEATH_TALLY)));
    const start = size - bytes.length;
    let length = 0;
    while (length < bytes.length) {
      const count = checked(action, pread(fd, bytes.subarray(length), start + length));
      if (count === 0) break; // cut meanwhile: then it is not a supervisor's, which renames
      length += count;
    }
    return unpackDtally(bytes.subarray(0, length));
  } finally {
    close(fd);
  }
}

/** Empties the tally of the service in `dir`. @throws {SyscallError} If it can't be replaced. */
export function clearDtally(dir: string): void {
  try {
    writeFileAtomically(`${dir}/${DTALLY_FILENAME}`, new Uint8Array(0));
  } catch (error) {
    throw error instanceof SyscallError
      ? new SyscallError(`clear death tally for service ${dir}`, error.errno)
      : error;
  }
}
