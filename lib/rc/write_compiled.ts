/**
 * Writes a compiled database: `lock`, `hexad-rc`, and the service directories of all longruns. If
 * anything fails, what has been written is removed. Source: s6-rc, s6-rc-compile.c, write_compiled.
 */
import { EINVAL, ENOENT } from "../core/linux/errno.ts";
import { encodePath } from "../core/text/path_bytes.ts";
import { copyHierarchy } from "../files/copy_hierarchy.ts";
import { copyInput } from "../files/input.ts";
import { removeTree } from "../files/remove_tree.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { O_RDONLY } from "../core/linux/open_flags.ts";
import { access, chmod, close, mkdir, R_OK, writeAll } from "../libc/file.ts";
import { lockFd } from "../libc/lock.ts";
import { readSmallFile } from "../libc/small_file.ts";
import { tryStat } from "../libc/stat.ts";
import { checkedFile, tryCreate, tryOpenFile } from "../libc/wary_open.ts";
import { COMPILED_FILE, encodeDatabase } from "./core/compiled_form.ts";
import type { RcDatabase, Service } from "./core/database.ts";
import { internalRun } from "./core/source/internal_servicedir.ts";
import { readLimit } from "./core/source/raw_definition.ts";
import {
  nameInDefinition,
  SERVICEDIR_ENTRIES,
  type ServicedirEntry,
} from "./core/source/servicedir_files.ts";
import { firstLineNumber } from "./core/source/small_value.ts";

const DIRECTORY_MODE = 0o755;
const FILE_MODE = 0o644;
const PROGRAM_MODE = 0o755;

export interface WriteOptions {
  /** The user that C's fd holder would run as. */
  readonly fdHolderUser: string | undefined;
  /** Called before a part is written, with its name in the folder. */
  readonly onPart: (name: string) => void;
  /** Throws the errors that C finds only after it has begun to write. */
  readonly beforeServicedirs: () => void;
}

/**
 * @throws {SyscallError} If it can't be written. The folder is removed then, unless it existed
 *   before.
 */
export function writeCompiled(
  path: string,
  database: RcDatabase,
  { fdHolderUser, onPart, beforeServicedirs }: WriteOptions,
): void {
  makeDirectory(path);
  try {
    const lock = created(`${path}/lock`, FILE_MODE);
    try {
      lockFd(lock, { exclusive: true, wait: false });
      onPart(COMPILED_FILE);
      writeFile(`${path}/${COMPILED_FILE}`, encodeDatabase(database), FILE_MODE);
      onPart("servicedirs");
      beforeServicedirs();
      makeDirectory(`${path}/servicedirs`);
      for (const service of database.services) {
        if (service.type === "longrun") {
          writeServicedir(`${path}/servicedirs`, service, fdHolderUser);
        }
      }
    } finally {
      close(lock);
    }
  } catch (error) {
    removeTree(path);
    throw error;
  }
}

function makeDirectory(path: string): void {
  checked(`mkdir ${path}`, mkdir(path, DIRECTORY_MODE));
}

/** Creates a new file, replacing whatever has its name. */
function created(path: string, mode: number): number {
  return checkedFile(`open ${path}`, tryCreate(path, mode));
}

function writeFile(path: string, text: string, mode: number): void {
  const fd = created(path, mode);
  try {
    writeAll(fd, encodePath(text), `write to ${path}`);
  } finally {
    close(fd);
  }
}

/** One of the two internal services, or one that a definition asks for. */
function writeServicedir(
  directory: string,
  { number, name, path }: Service,
  fdHolderUser: string | undefined,
): void {
  const to = `${directory}/${name}`;
  makeDirectory(to);
  if (path === "") {
    writeFile(`${to}/run`, internalRun(number === 1 ? fdHolderUser : undefined), PROGRAM_MODE);
  } else copyDefinition(path, to);
}

/**
 * Makes a service directory from a longrun's definition. @throws {SyscallError} If it can't be read
 * or written.
 */
export function copyDefinition(from: string, to: string): void {
  for (const entry of SERVICEDIR_ENTRIES) {
    copyEntry(entry, `${from}/${nameInDefinition(entry)}`, `${to}/${entry.name}`);
  }
  if (typeof tryStat(`${to}/template`) === "number") return;
  makeDirectory(`${to}/instance`);
  makeDirectory(`${to}/instances`);
}

function copyEntry(entry: ServicedirEntry, from: string, to: string): void {
  // an unreadable finish counts as missing, and so do broken links
  if (entry.name === "finish" ? access(from, R_OK) < 0 : tryStat(from) === -ENOENT) return;
  switch (entry.kind) {
    case "copy":
      return copyFile(from, to, entry.mode);
    case "number":
      return copyNumber(from, to);
    case "empty":
      return writeFile(to, "", FILE_MODE);
    case "directory":
      // as in C, parts of it that can't be copied are left out
      return copyHierarchy(from, to, () => {});
  }
}

function copyFile(from: string, to: string, mode: number): void {
  const action = `copy ${from} to ${to}`;
  const source = checkedFile(action, tryOpenFile(from, O_RDONLY, { follow: true }));
  try {
    const target = checkedFile(action, tryCreate(to, mode));
    try {
      copyInput({ fd: source, name: from }, target);
    } finally {
      close(target);
    }
  } finally {
    close(source);
  }
}

/** Copies only the digits and drops what follows them. */
function copyNumber(from: string, to: string): void {
  const bytes = readSmallFile(from, readLimit("notification-fd"));
  const number = bytes === undefined ? undefined : firstLineNumber(bytes);
  if (number === undefined) throw new SyscallError(`read ${from}`, EINVAL);
  writeFile(to, `${number}\n`, FILE_MODE);
  // regardless of the umask, as in C
  checked(`set permissions on ${to}`, chmod(to, FILE_MODE));
}
