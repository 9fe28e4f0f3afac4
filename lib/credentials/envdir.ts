/** A directory whose files are environment variables. Source: s6, doc/s6-envdir.html; skalibs, envdir_internal. */
import { ENVDIR_CLAMP, type EnvdirOptions, envdirValue, isVariableFile } from "../core/envdir_value.ts";
import { decodePath } from "../core/path_bytes.ts";
import { checked } from "../libc/bind.ts";
import { close, O_NONBLOCK, O_RDONLY, open, read, readDirectory } from "../libc/file.ts";

const BLOCK_SIZE = 65536;

export interface EnvdirRequest extends EnvdirOptions {
  /** Take whole files, not only as much of each as C's envdir has room for. */
  readonly unclamped: boolean;
}

/** The first `limit` bytes. A FIFO that nobody writes into is empty, and stops nobody. @throws {SyscallError} If it can't be read. */
function readUpTo(path: string, limit: number): Uint8Array {
  const fd = open(path, O_RDONLY | O_NONBLOCK);
  try {
    const blocks: Uint8Array[] = [];
    for (let left = limit; left > 0;) {
      const block = new Uint8Array(Math.min(left, BLOCK_SIZE));
      const count = checked(`read ${path}`, read(fd, block));
      if (count === 0) break;
      blocks.push(block.subarray(0, count));
      left -= count;
    }
    return joined(blocks);
  } finally {
    close(fd);
  }
}

function joined(blocks: readonly Uint8Array[]): Uint8Array {
  if (blocks.length === 1) return blocks[0]!;
  const whole = new Uint8Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const block of blocks) {
    whole.set(block, at);
    at += block.length;
  }
  return whole;
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
    const value = envdirValue(readUpTo(`${directory}/${name}`, limit), request);
    return [name, value === undefined ? undefined : decodePath(value)];
  });
}
