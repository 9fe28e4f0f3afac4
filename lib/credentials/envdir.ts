/** A directory whose files are environment variables. Source: s6, doc/s6-envdir.html; skalibs, envdir_internal. */
import { ENVDIR_CLAMP, type EnvdirOptions, envdirValue, isVariableFile } from "../core/envdir_value.ts";
import { decodePath } from "../core/path_bytes.ts";
import { SyscallError } from "../libc/bind.ts";
import { close, O_NONBLOCK, O_RDONLY, open, readDirectory, readUpTo } from "../libc/file.ts";

export interface EnvdirRequest extends EnvdirOptions {
  /** Take whole files, not only as much of each as C's envdir has room for. */
  readonly unclamped: boolean;
}

/** The first `limit` bytes. A FIFO that nobody writes into is empty, and stops nobody. @throws {SyscallError} If it can't be read. */
function firstBytes(path: string, limit: number): Uint8Array {
  const fd = open(path, O_RDONLY | O_NONBLOCK);
  try {
    const bytes = readUpTo(fd, limit);
    if (typeof bytes === "number") throw new SyscallError(`read ${path}`, -bytes);
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
 * @throws {SyscallError} If the directory or one of its files can't be read. Nothing of it must be applied then.
 */
export function readEnvdir(directory: string, request: EnvdirRequest): Modification[] {
  const limit = request.unclamped ? Infinity : ENVDIR_CLAMP;
  return readDirectory(directory).filter(isVariableFile).map((name) => {
    const value = envdirValue(firstBytes(`${directory}/${name}`, limit), request);
    return [name, value === undefined ? undefined : decodePath(value)];
  });
}
