/** Whether a lock file may hold what supervisors record for those that come after them. */
import { geteuid } from "../libc/process.ts";
import { tryFstat } from "../libc/stat.ts";

/**
 * False if another user could write it, who could make us signal any process, or if it has other
 * names too, since it may be somebody else's file.
 */
export function isOwnRecord(fd: number): boolean {
  const found = tryFstat(fd);
  return typeof found !== "number" && found.uid === geteuid() && found.links === 1;
}
