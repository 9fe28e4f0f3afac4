/**
 * A directory whose files are environment variables. Source: s6, doc/s6-envdir.html; skalibs,
 * envdir_internal.
 */
import {
  ENVDIR_CLAMP,
  type EnvdirOptions,
  envdirValue,
  isVariableFile,
} from "../execline/core/envdir_value.ts";
import { decodePath } from "../core/text/path_bytes.ts";
import { EFBIG } from "../core/linux/errno.ts";
import { SyscallError } from "../libc/bind.ts";
import { O_RDONLY } from "../core/linux/open_flags.ts";
import { close, readDirectory, readUpTo } from "../libc/file.ts";
import { openFile, orEmpty } from "../libc/wary_open.ts";

export interface EnvdirRequest extends EnvdirOptions {
  /** Take whole files, not only as much of each as C's envdir has room for. */
  readonly unclamped: boolean;
}

/** Far more than the kernel takes for all of an environment. */
const LARGEST = 16 << 20;

/**
 * The first `limit` bytes. @throws {SyscallError} If it can't be read, or is no file, or is too
 * large.
 */
export function firstBytes(path: string, limit: number): Uint8Array {
  const fd = openFile(path, O_RDONLY, { follow: true });
  try {
    const bytes = readUpTo(fd, Math.min(limit, LARGEST + 1));
    if (typeof bytes === "number") throw new SyscallError(`read ${path}`, -bytes);
    if (bytes.length > LARGEST) throw new SyscallError(`read ${path}`, EFBIG);
    return bytes;
  } finally {
    close(fd);
  }
}

/** One variable and its new value; undefined: it is to be removed. */
export type Modification = readonly [name: string, value: string | undefined];

/**
 * What the files of `directory` ask for.
 *
 * @throws {SyscallError} If the directory or one of its files can't be read. Nothing of it must
 *   be applied then.
 */
export function readEnvdir(directory: string, request: EnvdirRequest): Modification[] {
  const limit = request.unclamped ? Infinity : ENVDIR_CLAMP;
  return readDirectory(directory).filter(isVariableFile).map((name) => {
    const value = envdirValue(orEmpty(() => firstBytes(`${directory}/${name}`, limit)), request);
    return [name, value === undefined ? undefined : decodePath(value)];
  });
}
