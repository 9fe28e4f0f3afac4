/** Users and groups by name and by number, out of files that are each read at most once. */
import {
  gidOfGroup,
  groupOfGid,
  primaryGidOfUid,
  type UserAccount,
  userAccount,
} from "../core/accounts/account_files.ts";
import { groupText, passwdText } from "../credentials/account_texts.ts";

let passwd: string | undefined;
let group: string | undefined;

/**
 * The number of a group, or `undefined` if there is none of that name. @throws {SyscallError} If
 * /etc/group can't be read.
 */
export function findGid(name: string): number | undefined {
  return gidOfGroup(group ??= groupText(), name);
}

/** The name of a group, or `undefined`. @throws {SyscallError} If /etc/group can't be read. */
export function findGroupName(gid: number): string | undefined {
  return groupOfGid(group ??= groupText(), gid);
}

/**
 * The primary group of a user, or `undefined`. @throws {SyscallError} If /etc/passwd can't be read.
 */
export function findPrimaryGid(uid: number): number | undefined {
  return primaryGidOfUid(passwd ??= passwdText(), uid);
}

/**
 * The first entry of a user, or `undefined`. @throws {SyscallError} If /etc/passwd can't be read.
 */
export function findUser(name: string): UserAccount | undefined {
  return userAccount(passwd ??= passwdText(), name);
}
