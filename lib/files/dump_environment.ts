/**
 * An environment as a directory of files, one a variable. Source: s6-portable-utils,
 * doc/s6-dumpenv.html, s6-dumpenv.c.
 */
import { EEXIST, EINVAL, ENOTDIR } from "../core/linux/errno.ts";
import { encodePath } from "../core/text/path_bytes.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { O_CREAT, O_NOFOLLOW, O_TRUNC, O_WRONLY } from "../core/linux/open_flags.ts";
import { close, mkdir, open, rename, unlink } from "../libc/file.ts";
import { isDirectory, stat } from "../libc/stat.ts";
import { writeFully } from "./output.ts";

/** No variable can be called like that. */
const TEMPORARY_SUFFIX = "=.tmp";
const FILE_MODE = 0o666;

export interface DumpOptions {
  /** Of the directory, if it has to be made. */
  readonly mode: number;
  /** Whether a newline follows the value. */
  readonly newline: boolean;
}

/**
 * Writes each variable into the file of its name in `dir`, in one step each.
 *
 * @throws {SyscallError} If that can't be done; before anything is written, if a name can't be
 *   that of a file.
 */
export function dumpEnvironment(
  env: ReadonlyMap<string, string>,
  dir: string,
  { mode, newline }: DumpOptions,
): void {
  const odd = [...env.keys()].find((name) => name.includes("/") || name === "." || name === "..");
  if (odd !== undefined) {
    throw new SyscallError(
      `write the variable ${odd} into ${dir}`,
      EINVAL,
      "no file can be called like that; unset it",
    );
  }
  const made = mkdir(dir, mode);
  if (made !== -EEXIST) checked(`create directory ${dir}`, made);
  else if (!isDirectory(stat(dir).mode)) throw new SyscallError(`create directory ${dir}`, ENOTDIR);
  for (const [name, value] of env) {
    replaceFile(`${dir}/${name}`, encodePath(newline ? `${value}\n` : value));
  }
}

function replaceFile(path: string, bytes: Uint8Array<ArrayBuffer>): void {
  const temporary = path + TEMPORARY_SUFFIX;
  const fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, FILE_MODE);
  let isWritten = false;
  try {
    writeFully(fd, bytes, `write ${temporary}`);
    checked(`rename ${temporary} to ${path}`, rename(temporary, path));
    isWritten = true;
  } finally {
    close(fd);
    if (!isWritten) unlink(temporary);
  }
}
