/**
 * Reads a compiled database, under its lock.
 * Source: s6-rc, s6rc_lock.c and s6rc_db_read.c, for the order of the errors.
 */
import { EXIT_SYSTEM } from "../core/cli/exit_codes.ts";
import { EXIT_INVALID } from "./core/exit_codes.ts";
import { EBUSY, EFBIG, strerror } from "../core/linux/errno.ts";
import { decodePath } from "../core/text/path_bytes.ts";
import { SyscallError } from "../libc/bind.ts";
import { O_RDONLY } from "../core/linux/open_flags.ts";
import { close, read } from "../libc/file.ts";
import { lockFd } from "../libc/lock.ts";
import { fstat, tryStat } from "../libc/stat.ts";
import { tryOpenFile } from "../libc/wary_open.ts";
import {
  C_COMPILED_FILE,
  COMPILED_FILE,
  COMPILED_LIMIT,
  decodeDatabase,
} from "./core/compiled_form.ts";
import type { RcDatabase } from "./core/database.ts";

/** The database can't be read: the message, and C's exit code. */
export interface NoDatabase {
  readonly exitCode: number;
  readonly problem: string;
}

/**
 * Whether something has been compiled into a folder, be it by C's s6-rc-compile: the format of that
 * is refused with a message of its own.
 */
export function isCompiled(path: string): boolean {
  return [COMPILED_FILE, C_COMPILED_FILE].some((name) => isThere(`${path}/${name}`));
}

/**
 * The database in a compiled folder. The lock is shared and held until the process ends.
 *
 * @param wait Wait for a writer to finish; otherwise a lock that is held is an error
 * @param locks What an error calls the lock that can't be had
 */
export function readCompiled(
  path: string,
  { wait, locks = `lock on ${path}` }: { readonly wait: boolean; readonly locks?: string },
): RcDatabase | NoDatabase {
  const lock = tryOpenFile(`${path}/lock`, O_RDONLY, { follow: true });
  const locked = lock < 0 ? -lock : takeLock(lock, wait);
  if (locked !== 0) {
    return {
      exitCode: EXIT_SYSTEM,
      problem: `unable to take ${locks}: ${strerror(locked)}`,
    };
  }
  return readUnlocked(path);
}

/** The same without the lock, for a process that lives as long as the services do. */
export function readUnlocked(path: string): RcDatabase | NoDatabase {
  const file = `${path}/${COMPILED_FILE}`;
  const text = readText(file);
  if (typeof text === "number") {
    if (isThere(`${path}/${C_COMPILED_FILE}`)) {
      return {
        exitCode: EXIT_INVALID,
        problem:
          `invalid service database in ${path}: C's s6-rc has compiled it; compile it again with hexad's s6-rc-compile, or let /init read the sources`,
      };
    }
    return { exitCode: EXIT_SYSTEM, problem: `unable to read ${file}: ${strerror(text)}` };
  }
  try {
    return decodeDatabase(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return {
      exitCode: EXIT_INVALID,
      problem: `invalid service database in ${file}: ${error.message}`,
    };
  }
}

function isThere(path: string): boolean {
  return typeof tryStat(path) !== "number";
}

/** 0, or the error number. */
function takeLock(fd: number, wait: boolean): number {
  try {
    return lockFd(fd, { exclusive: false, wait }) ? 0 : EBUSY;
  } catch (error) {
    if (error instanceof SyscallError) return error.errno;
    throw error;
  }
}

/** The whole text; or the error number. */
function readText(path: string): string | number {
  const fd = tryOpenFile(path, O_RDONLY, { follow: true });
  if (fd < 0) return -fd;
  try {
    const { size } = fstat(fd);
    if (size > COMPILED_LIMIT) return EFBIG;
    const buffer = new Uint8Array(size);
    let length = 0;
    while (length < buffer.length) {
      const got = read(fd, buffer.subarray(length));
      if (got < 0) return -got;
      if (got === 0) break;
      length += got;
    }
    return decodePath(buffer.subarray(0, length));
  } finally {
    close(fd);
  }
}
