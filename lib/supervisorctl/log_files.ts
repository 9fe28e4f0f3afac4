/** The log of a service as supervisorctl reads and empties it: bytes of a log directory. */
import { O_NOFOLLOW, O_RDONLY, O_TRUNC, O_WRONLY } from "../core/linux/open_flags.ts";
import { SyscallError } from "../libc/bind.ts";
import { pread } from "../libc/fd.ts";
import { close, readDirectory, unlink } from "../libc/file.ts";
import { fstat } from "../libc/stat.ts";
import { openFile } from "../libc/wary_open.ts";
import { CURRENT, isArchiveName } from "../logdir/core/rotation.ts";

/** More is never shown. */
const MOST_BYTES = 1 << 24;

/** The last bytes of `current`; undefined if it can't be read. */
export function lastBytes(logdir: string, bytes: number): Uint8Array<ArrayBuffer> | undefined {
  return orUndefined(() => {
    const fd = openFile(`${logdir}/${CURRENT}`, O_RDONLY | O_NOFOLLOW);
    try {
      const wanted = Math.min(fstat(fd).size, Math.max(0, bytes), MOST_BYTES);
      const buffer = new Uint8Array(wanted);
      const count = pread(fd, buffer, fstat(fd).size - wanted);
      return buffer.subarray(0, Math.max(0, count));
    } finally {
      close(fd);
    }
  });
}

/** Empties `current`, to whose end the logger goes on writing, and removes what is older. */
export function emptyLogdir(logdir: string): boolean {
  return orUndefined(() => {
    for (const name of readDirectory(logdir).filter(isArchiveName)) unlink(`${logdir}/${name}`);
    close(openFile(`${logdir}/${CURRENT}`, O_WRONLY | O_TRUNC | O_NOFOLLOW));
    return true;
  }) ?? false;
}

function orUndefined<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
}
