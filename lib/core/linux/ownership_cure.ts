/** What to do when a daemon can't make its own files in a directory. Pure. */
import { EACCES, EDQUOT, ENOSPC, EPERM, EROFS } from "./errno.ts";

export interface WantedDirectory {
  /** The directory in which something was to be made, as the user knows it. */
  readonly directory: string;
  /** The entries that may be symbolic links to directories elsewhere. */
  readonly linkable: string;
  /** Who we are. */
  readonly uid: number;
}

/** The cure for `errno`, or "" if there is nothing to say beyond the reason itself. */
export function ownershipCure(
  errno: number,
  { directory, linkable, uid }: WantedDirectory,
): string {
  switch (errno) {
    case EROFS:
      return `mount a tmpfs or a volume at ${directory}, or make ${linkable} a link to a writable directory`;
    case EACCES:
    case EPERM:
      return `${directory} must be writable for uid ${uid}: chown it, run as its owner, or make ${linkable} a link to a writable directory`;
    case ENOSPC:
    case EDQUOT:
      return `free some room on the file system of ${directory}`;
    default:
      return "";
  }
}
