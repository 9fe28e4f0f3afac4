/**
 * Making directories, with those above them. Source: POSIX, mkdir; s6-portable-utils, s6-mkdir.c.
 */
import { EEXIST } from "../core/linux/errno.ts";
import { checked } from "../libc/bind.ts";
import { mkdir } from "../libc/file.ts";
import { isDirectory, tryStat } from "../libc/stat.ts";

export interface DirectoryRequest {
  readonly mode: number;
  /** Also make the missing ones above it; and it may be there already. */
  readonly parents: boolean;
  /** Told of each that was made. */
  readonly onMade: (path: string) => void;
}

/** @throws {SyscallError} If one can't be made. */
export function makeDirectory(path: string, { mode, parents, onMade }: DirectoryRequest): void {
  for (const prefix of parents ? prefixes(path) : [path]) {
    const made = mkdir(prefix, mode);
    if (made === -EEXIST && parents && isThere(prefix)) continue;
    checked(`create directory ${prefix}`, made);
    onMade(prefix);
  }
}

function isThere(path: string): boolean {
  const found = tryStat(path);
  return typeof found !== "number" && isDirectory(found.mode);
}

/** The directories above `path`, from the top, and itself: `a`, `a/b`, `a/b/c`. */
function prefixes(path: string): string[] {
  const slashes = Array.from(path.matchAll(/[^/](\/+)(?=[^/])/g), (match) => match.index + 1);
  return [...slashes.map((end) => path.slice(0, end)), path];
}
