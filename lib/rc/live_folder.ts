/**
 * The live folder: the part of s6-rc's services that is on disk for others to read.
 * Source: contract 5.1; s6-rc, libs6rc/s6rc_livedir_create.c.
 */
import { lastComponent } from "../core/text/path_name.ts";
import { EEXIST, EINVAL, ENOENT } from "../core/linux/errno.ts";
import { decodePath, encodePath } from "../core/text/path_bytes.ts";
import { copyHierarchy } from "../files/copy_hierarchy.ts";
import { placeLink } from "../files/place_link.ts";
import { removeTree } from "../files/remove_tree.ts";
import { randomName } from "../files/unique_name.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { access, close, F_OK, mkdir, readlink, symlink, unlink, writeAll } from "../libc/file.ts";
import { readSmallFile } from "../libc/small_file.ts";
import { checkedFile, tryCreate } from "../libc/wary_open.ts";
import { withUmask } from "../libc/cwd.ts";
import type { RcDatabase } from "./core/database.ts";
import type { StateBits } from "./core/state_file.ts";
import { decodeState, encodeState, STATE_FILE } from "./core/state_file.ts";

/** The socket in a live folder on which the process that supervises takes requests. */
export const LIVE_SOCKET = ".hexad";
const RANDOM_LETTERS = 6;
const FILE_MODE = 0o644;
const MAX_PREFIX = 256;
/** One byte for each service. */
const MAX_STATE = 1 << 20;

export interface LiveFolderPlan {
  /** The path that users know, which becomes a link. */
  readonly live: string;
  /** The program that makes it, which is a part of the folder's name. */
  readonly maker: "s6-rc-init" | "s6-rc-update";
  readonly scandir: string;
  readonly prefix: string;
  /** Where `compiled` will point. */
  readonly compiled: string;
  readonly states: readonly StateBits[];
}

/**
 * Makes a live folder beside its link, without servicedirs. Returns its path. @throws
 * {SyscallError} If it can't; nothing of the folder remains then.
 */
export function makeLiveFolder(plan: LiveFolderPlan): string {
  return withUmask(0o022, () => {
    const folder = makeUnique(`${plan.live}:${plan.maker}:`);
    try {
      checked(`make a link ${folder}/compiled`, symlink(plan.compiled, `${folder}/compiled`));
      checked(`make a link ${folder}/scandir`, symlink(plan.scandir, `${folder}/scandir`));
      writeFile(`${folder}/prefix`, encodePath(plan.prefix));
      writeFile(`${folder}/lock`, new Uint8Array(0));
      writeFile(`${folder}/${STATE_FILE}`, encodeState(plan.states));
      checked(`create directory ${folder}/servicedirs`, mkdir(`${folder}/servicedirs`, 0o755));
      return folder;
    } catch (error) {
      removeTree(folder);
      throw error;
    }
  });
}

function makeUnique(prefix: string): string {
  for (;;) {
    const folder = `${prefix}${randomName(RANDOM_LETTERS)}`;
    const made = mkdir(folder, 0o755);
    if (made === -EEXIST) continue;
    checked(`create directory ${folder}`, made);
    return folder;
  }
}

/**
 * Writes a new file, replacing whatever has its name. @throws {SyscallError} If that is a
 * directory, or the write fails.
 */
export function writeFile(path: string, bytes: Uint8Array<ArrayBuffer>): void {
  const fd = checkedFile(`open ${path}`, tryCreate(path, FILE_MODE));
  try {
    writeAll(fd, bytes, `write ${path}`);
  } finally {
    close(fd);
  }
}

/**
 * Copies service directories into a live folder and adds a `down` file to each.
 *
 * @param mostBytes The limit for the files of one service directory
 * @throws {SyscallError} If that can't be done.
 */
export function copyServicedirs(
  from: string,
  folder: string,
  names: readonly string[],
  mostBytes = Infinity,
): void {
  withUmask(0o022, () => {
    for (const name of names) {
      const to = `${folder}/servicedirs/${name}`;
      copyHierarchy(`${from}/${name}`, to, (error) => {
        throw error;
      }, { bytes: mostBytes });
      writeFile(`${to}/down`, new Uint8Array(0));
    }
  });
}

/**
 * Makes the path that users know point to a live folder. @throws {SyscallError} If that can't be
 * done.
 */
export function pointTo(folder: string, live: string): void {
  placeLink(lastComponent(folder), live, { kind: "symbolic", force: true });
}

export interface LiveFacts {
  /** What `compiled` and `scandir` point to. */
  readonly compiled: string;
  readonly scandir: string;
  readonly prefix: string;
}

function linkTarget(path: string): string {
  const target = readlink(path);
  if (typeof target === "number") throw new SyscallError(`readlink ${path}`, -target);
  return target;
}

/** @throws {SyscallError} If it can't be read. */
export function readLiveFacts(live: string): LiveFacts {
  const prefix = readSmallFile(`${live}/prefix`, MAX_PREFIX + 1);
  if (prefix === undefined) throw new SyscallError(`read ${live}/prefix`, ENOENT);
  if (prefix.length > MAX_PREFIX) throw new SyscallError(`read ${live}/prefix`, EINVAL);
  return {
    compiled: linkTarget(`${live}/compiled`),
    scandir: linkTarget(`${live}/scandir`),
    prefix: decodePath(prefix),
  };
}

/**
 * The state of each service; undefined if the file is too short. @throws {SyscallError} If it can't
 * be read.
 */
export function readState(
  live: string,
  { services }: RcDatabase,
): readonly StateBits[] | undefined {
  const path = `${live}/${STATE_FILE}`;
  const bytes = readSmallFile(path, MAX_STATE);
  if (bytes === undefined) throw new SyscallError(`read ${path}`, ENOENT);
  return decodeState(bytes, services.length);
}

/**
 * Adds or removes the `down` file of a service directory. Returns what went wrong, in C's words;
 * undefined if nothing did.
 */
export function markDown(servicedir: string, isDown: boolean, shown: string): string | undefined {
  const path = `${servicedir}/down`;
  if (!isDown) {
    const result = unlink(path);
    return result < 0 ? new SyscallError(`unlink ${shown}/down`, -result).message : undefined;
  }
  const fd = tryCreate(path, FILE_MODE);
  if (fd < 0) return new SyscallError(`touch ${shown}/down`, -fd).message;
  close(fd);
  return undefined;
}

/**
 * Links a service directory into a scan directory, replacing a link of that name. @throws
 * {SyscallError} If that fails.
 */
export function linkService(target: string, link: string): void {
  if (access(link, F_OK) === 0 && typeof readlink(link) === "number") {
    throw new SyscallError(`make a link ${link}`, EEXIST);
  }
  placeLink(target, link, { kind: "symbolic", force: true });
}
