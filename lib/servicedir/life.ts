/** Reads what hexad's supervisor has recorded of the process of a service. */
import { LOCK_FILENAME } from "./core/supervise_files.ts";
import { LIFE_RECORD_SIZE, type RecordedLife, unpackLifeRecord } from "./core/life_record.ts";
import { O_RDONLY } from "../core/linux/open_flags.ts";
import { pread } from "../libc/fd.ts";
import { close } from "../libc/file.ts";
import { isHeldHere } from "../libc/held_lock.ts";
import { tryStat } from "../libc/stat.ts";
import { tryOpenFile } from "../libc/wary_open.ts";
import { isOwnRecord } from "./own_record.ts";

/** The record in an open lock file; undefined if there is none. */
export function recordIn(lockFd: number): RecordedLife | undefined {
  const bytes = new Uint8Array(LIFE_RECORD_SIZE);
  return pread(lockFd, bytes, 0) === LIFE_RECORD_SIZE ? unpackLifeRecord(bytes) : undefined;
}

/**
 * The record in the lock of a service directory; undefined if there is none, or it can't be read.
 * Nor by the process that holds the lock, which would lose it.
 *
 * @param own Only if no other user can have written it
 */
export function readLife(
  directory: string,
  { own }: { readonly own: boolean },
): RecordedLife | undefined {
  const path = `${directory}/${LOCK_FILENAME}`;
  if (isHeldHere(tryStat(path))) return undefined;
  const fd = tryOpenFile(path, O_RDONLY);
  if (fd < 0) return undefined;
  try {
    return own && !isOwnRecord(fd) ? undefined : recordIn(fd);
  } finally {
    close(fd);
  }
}
