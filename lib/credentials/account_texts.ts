/**
 * The texts of /etc/passwd and /etc/group: the images that we run in have no name service, so these
 * files are what there is.
 */
import { decodePath } from "../core/text/path_bytes.ts";
import { readSmallFile } from "../libc/small_file.ts";

/** Enough for the largest directories that are kept as files. */
const SIZE_LIMIT = 16 * 1024 * 1024;

function textOf(path: string): string {
  return decodePath(readSmallFile(path, SIZE_LIMIT) ?? new Uint8Array(0));
}

/**
 * The text of /etc/passwd; "" if there is none, as in an image without users. @throws
 * {SyscallError} If it can't be read.
 */
export function passwdText(): string {
  return textOf("/etc/passwd");
}

/** The text of /etc/group; "" if there is none. @throws {SyscallError} If it can't be read. */
export function groupText(): string {
  return textOf("/etc/group");
}
