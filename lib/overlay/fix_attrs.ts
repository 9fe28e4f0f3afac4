/**
 * Gives files the owner and the modes that /etc/fix-attrs.d asks for.
 *
 * Here root works in directories that others can write to. So the file that is changed must be the
 * one that was examined: each is opened without following a link and without reading it, and
 * changed through that descriptor. A link that is given as a path is followed if root or we own it;
 * one that is found below a directory never is. Source: s6-overlay 3.2.3, libexec/fix-attrs and
 * scripts/fix-attrs; proc(5) for /proc/self/fd.
 */
import { strerror } from "../core/linux/errno.ts";
import {
  type FixAttrsRule,
  parseFixAttrs,
  resolveAccount,
  UNCHANGED_ID,
} from "./core/fix_attrs.ts";
import { decodePath } from "../core/text/path_bytes.ts";
import type { UserAccount } from "../core/accounts/account_files.ts";
import { SyscallError } from "../libc/bind.ts";
import { O_NOFOLLOW, O_PATH } from "../core/linux/open_flags.ts";
import { chmod, chown, close, readDirectory, tryOpen } from "../libc/file.ts";
import { geteuid } from "../libc/process.ts";
import { readSmallFile } from "../libc/small_file.ts";
import { fstat, isDirectory, S_IFLNK, S_IFMT } from "../libc/stat.ts";
import { findGid, findUser } from "../servicedir/accounts.ts";
import { expandPattern } from "./expand_pattern.ts";

/** Enough for lists written by hand. */
const FILE_LIMIT = 1024 * 1024;
/** A failure for one file of a volume usually repeats for all of them. */
const MAX_COMPLAINTS = 10;

export interface FixAttrsOptions {
  /** Below directories, include dotfiles. */
  readonly hidden: boolean;
  /** Prints one line for each failure. */
  warn(text: string): void;
  /** Called before each list is applied. */
  info?(text: string): void;
}

/**
 * Applies every file of `directory`, sorted by name. A missing directory has no files. Returns
 * whether everything succeeded.
 */
export function runFixAttrs(directory: string, options: FixAttrsOptions): boolean {
  let success = true;
  for (const path of expandPattern(`${directory}/*`)) {
    options.info?.(`applying ${path}`);
    try {
      const text = decodePath(readSmallFile(path, FILE_LIMIT) ?? new Uint8Array(0));
      if (!applyFixAttrs(text, path, options)) success = false;
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      options.warn(error.message);
      success = false;
    }
  }
  return success;
}

/**
 * Applies the lines of one file, which messages call `name`. Returns whether everything succeeded.
 */
export function applyFixAttrs(text: string, name: string, options: FixAttrsOptions): boolean {
  const { rules, problems } = parseFixAttrs(text);
  for (const problem of problems) options.warn(`${name}: line ${problem.line}: ${problem.text}`);
  let success = problems.length === 0;
  for (const rule of rules) {
    const account = resolveAccount(rule.account, { findUser, findGid });
    if (typeof account === "string") {
      options.warn(`${name}: ${account}`);
      success = false;
      continue;
    }
    let complaints = 0;
    const warn = (reason: string): void => {
      if (complaints++ < MAX_COMPLAINTS) options.warn(`${name}: ${reason}`);
    };
    for (const path of expandPattern(rule.pattern)) {
      if (!fixNamed(path, { rule, account, hidden: options.hidden, warn })) success = false;
    }
    if (complaints > MAX_COMPLAINTS) {
      options.warn(`${name}: ${rule.pattern}: and ${complaints - MAX_COMPLAINTS} more`);
    }
  }
  return success;
}

interface Work {
  readonly rule: FixAttrsRule;
  readonly account: UserAccount;
  readonly hidden: boolean;
  warn(text: string): void;
}

/** Fixes a file that the list itself names. */
function fixNamed(path: string, work: Work): boolean {
  const fd = tryOpen(path, O_PATH | O_NOFOLLOW);
  if (fd < 0) return complain(`open ${path}`, -fd, work);
  try {
    const found = fstat(fd);
    if ((found.mode & S_IFMT) !== S_IFLNK) return fix(fd, path, work);
    if (found.uid !== 0 && found.uid !== geteuid()) {
      work.warn(
        `${path} is a link that uid ${found.uid} has made: not followed; name the file itself`,
      );
      return false;
    }
  } finally {
    close(fd);
  }
  const target = tryOpen(path, O_PATH);
  if (target < 0) return complain(`open ${path}`, -target, work);
  try {
    return fix(target, path, work);
  } finally {
    close(target);
  }
}

/**
 * Leaves a file alone if it is already right: on an overlay file system each change copies the
 * file.
 *
 * @param fd Opened with O_PATH; not a link
 */
function fix(fd: number, path: string, work: Work): boolean {
  const { rule, account } = work;
  const itself = `/proc/self/fd/${fd}`;
  const found = fstat(fd);
  const directory = isDirectory(found.mode);
  const mode = directory ? rule.directoryMode : rule.fileMode;
  let success = true;
  const foreign = ![found.uid, UNCHANGED_ID].includes(account.uid) ||
    ![found.gid, UNCHANGED_ID].includes(account.gid);
  if (foreign) {
    const chowned = chown(itself, account.uid, account.gid);
    if (chowned < 0) success = complain(`chown ${path}`, -chowned, work);
  }
  // a chown may have cleared bits
  if (mode !== undefined && (foreign || (found.mode & 0o7777) !== mode)) {
    const chmoded = chmod(itself, mode);
    if (chmoded < 0) success = complain(`chmod ${path}`, -chmoded, work);
  }
  if (directory && rule.recurse && !fixBelow(itself, path, work)) success = false;
  return success;
}

function fixBelow(itself: string, path: string, work: Work): boolean {
  let success = true;
  try {
    for (const name of readDirectory(itself).sort()) {
      if (!work.hidden && name.startsWith(".")) continue;
      if (!fixMet(`${itself}/${name}`, `${path}/${name}`, work)) success = false;
    }
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    return complain(`read directory ${path}`, error.errno, work);
  }
  return success;
}

/** Fixes a file that was found below a directory. Links stay as they are. */
function fixMet(route: string, path: string, work: Work): boolean {
  const fd = tryOpen(route, O_PATH | O_NOFOLLOW);
  if (fd < 0) return complain(`open ${path}`, -fd, work);
  try {
    return (fstat(fd).mode & S_IFMT) === S_IFLNK || fix(fd, path, work);
  } finally {
    close(fd);
  }
}

function complain(action: string, errno: number, work: Work): false {
  work.warn(`unable to ${action}: ${strerror(errno)}`);
  return false;
}
