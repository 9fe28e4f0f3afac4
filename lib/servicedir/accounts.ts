/** The files that name users and groups, each read at most once. */
import { gidOfGroup, groupOfGid, primaryGidOfUid } from "../core/account_files.ts";
import { decodePath } from "../core/path_bytes.ts";
import { type UserAccount, userAccount } from "../core/user_account.ts";
import { readSmallFile } from "../libc/file.ts";

const GROUP_FILE = "/etc/group";
const PASSWD_FILE = "/etc/passwd";
/** Enough for the largest directories that are kept as files. */
const SIZE_LIMIT = 4 * 1024 * 1024;

const texts = new Map<string, string>();

/** The text of the file; "" if there is none, as in an image without users. @throws {SyscallError} If it can't be read. */
function textOf(path: string): string {
  let text = texts.get(path);
  if (text === undefined) {
    text = decodePath(readSmallFile(path, SIZE_LIMIT) ?? new Uint8Array(0));
    texts.set(path, text);
  }
  return text;
}

/** The number of a group, or `undefined` if there is none of that name. @throws {SyscallError} If /etc/group can't be read. */
export function findGid(name: string): number | undefined {
  return gidOfGroup(textOf(GROUP_FILE), name);
}

/** The name of a group, or `undefined`. @throws {SyscallError} If /etc/group can't be read. */
export function findGroupName(gid: number): string | undefined {
  return groupOfGid(textOf(GROUP_FILE), gid);
}

/** The primary group of a user, or `undefined`. @throws {SyscallError} If /etc/passwd can't be read. */
export function findPrimaryGid(uid: number): number | undefined {
  return primaryGidOfUid(textOf(PASSWD_FILE), uid);
}

/** The first entry of a user, or `undefined`. @throws {SyscallError} If /etc/passwd can't be read. */
export function findUser(name: string): UserAccount | undefined {
  return userAccount(textOf(PASSWD_FILE), name);
}
