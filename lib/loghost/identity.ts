/**
 * The user that a log host runs as. Names are looked up in /etc/passwd and /etc/group, because the
 * images that we run in have no name service. Edits of these files apply at once.
 */
import { EPERM } from "../core/linux/errno.ts";
import { rememberedAccount } from "../credentials/remembered_account.ts";
import { SyscallError } from "../libc/bind.ts";
import { geteuid } from "../libc/process.ts";
import type { Identity } from "./port.ts";

/**
 * The identity of `user`, a name or `USER:GROUP`, with numbers allowed for names; `undefined` if
 * that is our own identity.
 *
 * @throws {SyntaxError} If there is no such user.
 * @throws {SyscallError} If the accounts can't be read, or if we are not root and so can't change
 *   user.
 */
export function identityOf(user: string): Identity | undefined {
  const both = user.includes(":");
  const { uid, gid, gids = [], unknown } = rememberedAccount(user, {
    form: both ? "both" : "account",
    numeric: both,
  });
  if (unknown.length > 0 || uid === undefined || gid === undefined) {
    const cure = both ? "" : " (a number is given with its group: user:UID:GID)";
    throw new SyntaxError(`user:${user}: unknown ${unknown.join(", ") || "user or group"}${cure}`);
  }
  const own = geteuid();
  if (uid === own) return undefined;
  if (own !== 0) {
    throw new SyscallError(`run as user ${user}`, EPERM, "only root can; leave user: out");
  }
  return { uid, gid, groups: gids };
}
