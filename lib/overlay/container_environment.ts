/**
 * The container's environment as files: `/init` writes them, and programs that want the environment
 * read them. A script that adds a file adds a variable for all later ones.
 *
 * A file is named after its variable and holds the value. A reader drops one newline at its end and
 * takes an empty file for a variable that is not set. So an empty value, or one that ends in a
 * newline, gets an extra newline, and every value is read back unchanged. Source: s6-linux-init,
 * env_dump4; s6-overlay, command/with-contenv (`s6-envdir -Lf`); skalibs,
 * envdir_internal_noclamp.c.
 */
import { ENOENT } from "../core/linux/errno.ts";
import { decodePath, encodePath } from "../core/text/path_bytes.ts";
import { removeTree } from "../files/remove_tree.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { O_CREAT, O_EXCL, O_WRONLY } from "../core/linux/open_flags.ts";
import { close, mkdir, open, readDirectory, rename, writeAll } from "../libc/file.ts";
import { readSmallFile } from "../libc/small_file.ts";
import { orEmpty } from "../libc/wary_open.ts";

const LF = 10;
const NUL = 0;
/** More than the kernel accepts for one string of an environment. */
const VALUE_LIMIT = 256 * 1024;
const NAME_MAX = 255;

/**
 * Writes a file for each variable into a new `directory`, which replaces an old one.
 *
 * @returns Names of variables that can't be file names, or that readers skip.
 * @throws {SyscallError} If something can't be written; `directory` does not exist then.
 */
export function dumpEnvironment(directory: string, env: ReadonlyMap<string, string>): string[] {
  const temporary = `${directory}:new`;
  removeTree(temporary);
  removeTree(directory);
  checked(`create directory ${temporary}`, mkdir(temporary, 0o755));
  const leftOut: string[] = [];
  for (const [name, value] of env) {
    if (isFileName(name)) writeValue(`${temporary}/${name}`, value);
    else leftOut.push(name);
  }
  checked(`rename ${temporary} to ${directory}`, rename(temporary, directory));
  return leftOut;
}

function isFileName(name: string): boolean {
  return name !== "" && !name.startsWith(".") && !name.includes("/") &&
    encodePath(name).length <= NAME_MAX;
}

function writeValue(path: string, value: string): void {
  const fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o644);
  try {
    writeAll(
      fd,
      encodePath(value === "" || value.endsWith("\n") ? `${value}\n` : value),
      `write to ${path}`,
    );
  } finally {
    close(fd);
  }
}

/**
 * The variables that the files of `directory` hold. Names that begin with a dot or contain `=` are
 * skipped; a NUL in a value becomes a newline.
 *
 * @throws {SyscallError} If the directory or a file can't be read.
 */
export function loadEnvironment(directory: string): Map<string, string> {
  const variables = new Map<string, string>();
  for (const name of readDirectory(directory).sort()) {
    if (name.startsWith(".") || name.includes("=")) continue;
    const path = `${directory}/${name}`;
    const bytes = orEmpty(() => readSmallFile(path, VALUE_LIMIT));
    if (bytes === undefined) throw new SyscallError(`read ${path}`, ENOENT); // a broken link, or removed
    if (bytes.length > 0) variables.set(name, valueOf(bytes));
  }
  return variables;
}

function valueOf(bytes: Uint8Array): string {
  const end = bytes.at(-1) === LF ? bytes.length - 1 : bytes.length;
  return decodePath(bytes.subarray(0, end).map((byte) => byte === NUL ? LF : byte));
}

/**
 * The value of one variable; `undefined` if it has no file, and "" if the file is empty.
 * @throws {SyscallError} If the file can't be read.
 */
export function loadVariable(directory: string, name: string): string | undefined {
  if (!isFileName(name)) return undefined;
  const bytes = orEmpty(() => readSmallFile(`${directory}/${name}`, VALUE_LIMIT));
  return bytes === undefined ? undefined : valueOf(bytes);
}
