/**
 * The rules that may be about a user, in the order in which they are looked for. Source: s6,
 * doc/libs6/accessrules.html, s6_accessrules_keycheck_uidgid.c. Pure.
 */

export interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

/** @param own The effective ids of the one who asks. */
export function userKeys(user: UserIds, own: UserIds): readonly string[] {
  return [
    ...(user.uid === own.uid ? ["uid/self"] : []),
    `uid/${user.uid}`,
    ...(user.gid === own.gid ? ["gid/self"] : []),
    `gid/${user.gid}`,
    "uid/default",
  ];
}
