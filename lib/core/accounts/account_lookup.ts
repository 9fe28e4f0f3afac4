/**
 * What an account name stands for: the numbers that `s6-envuidgid` exports and `s6-setuidgid`
 * applies.
 *
 * Three forms: the name of a user, with its groups; the name of a user or of a group alone;
 * `user:group`. A number is taken for a name first, and for itself only if the caller allows that.
 * Source: s6, doc/s6-envuidgid.html. Pure.
 */
import { gidOfGroup, linesOf, nameOfUid, userAccount } from "./account_files.ts";
import { parseId } from "./id_numbers.ts";

/** The texts of /etc/passwd and /etc/group. */
export interface AccountFiles {
  readonly passwd: string;
  readonly group: string;
}

/** Whose numbers are asked for. `account`: the user's, with group and supplementary groups. */
export type AccountForm = "account" | "user" | "group" | "both";

export interface AccountRequest {
  readonly form: AccountForm;
  /** Where no such name is known, a number stands for itself. */
  readonly numeric: boolean;
  /**
   * In the form `account`: where no such name is known, a number is the user that has it, with its
   * groups; one that no user has stands for itself, as user and as group.
   */
  readonly byNumber?: boolean;
}

/** The numbers that were found; what the form asks for and is missing is unknown. */
export interface AccountNumbers {
  readonly uid?: number;
  readonly gid?: number;
  readonly gids?: readonly number[];
}

/** `unknown`: names that no file has, in words. */
export interface AccountLookup extends AccountNumbers {
  readonly unknown: readonly string[];
}

/**
 * Ids of the groups that name `user` as a member, in the order of the file. The user's primary
 * group counts only if it does so too.
 */
export function supplementaryGids(groupFile: string, user: string): readonly number[] {
  const gids: number[] = [];
  for (const line of linesOf(groupFile)) {
    const fields = line.split(":");
    const gid = parseId(fields[2] ?? "");
    if (gid !== undefined && (fields[3] ?? "").split(",").includes(user)) gids.push(gid);
  }
  return gids;
}

/** The user and the group that `account` names in this form; "" where it names none. */
function namesIn(
  account: string,
  form: AccountForm,
): { readonly user: string; readonly group: string } {
  if (form === "group") return { user: "", group: account };
  if (form !== "both") return { user: account, group: "" };
  const colon = account.indexOf(":");
  return colon === -1
    ? { user: account, group: "" }
    : { user: account.slice(0, colon), group: account.slice(colon + 1) };
}

function findUser(
  user: string,
  request: AccountRequest,
  files: AccountFiles,
): AccountNumbers | undefined {
  const found = userAccount(files.passwd, user);
  if (found === undefined) {
    const uid = request.numeric || request.byNumber ? parseId(user) : undefined;
    if (uid === undefined) return undefined;
    return request.byNumber ? userOfNumber(uid, files) : { uid };
  }
  if (request.form !== "account") return { uid: found.uid };
  return { uid: found.uid, gid: found.gid, gids: supplementaryGids(files.group, user) };
}

function userOfNumber(uid: number, files: AccountFiles): AccountNumbers {
  const name = nameOfUid(files.passwd, uid);
  const found = name === undefined ? undefined : userAccount(files.passwd, name);
  if (name === undefined || found === undefined) return { uid, gid: uid, gids: [] };
  return { uid, gid: found.gid, gids: supplementaryGids(files.group, name) };
}

/** Looks up `account`. */
export function lookUpAccount(
  account: string,
  request: AccountRequest,
  files: AccountFiles,
): AccountLookup {
  const { user, group } = namesIn(account, request.form);
  const unknown: string[] = [];
  let numbers: AccountNumbers = {};
  if (group !== "") {
    const gid = gidOfGroup(files.group, group) ?? (request.numeric ? parseId(group) : undefined);
    if (gid === undefined) unknown.push(`group: ${group}`);
    else numbers = { gid };
  }
  if (user !== "" || request.form === "account" || request.form === "user") {
    const found = findUser(user, request, files);
    if (found === undefined) unknown.push(`user: ${user}`);
    else numbers = { ...numbers, ...found };
  }
  return { ...numbers, unknown };
}
