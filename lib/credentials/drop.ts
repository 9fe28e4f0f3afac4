/**
 * Becoming another user for good: groups first, while there still is the right to, then the primary
 * group, the user last. What was asked for is looked at afterwards, and whoever was root must not
 * be able to be root again. Source: s6, doc/s6-applyuidgid.html,
 * daemontools-extras/s6-applyuidgid.c.
 */
import { EPERM } from "../core/linux/errno.ts";
import { groupListWith } from "../core/accounts/group_list.ts";
import type { AccountNumbers } from "../core/accounts/account_lookup.ts";
import { SyscallError } from "../libc/bind.ts";
import { groupIds, seteuid, setgid, setgroups, setuid, userIds } from "../libc/identity.ts";
import { getegid } from "../libc/process.ts";

const ROOT = 0;

/**
 * Takes on the ids. One that is absent or 0 is left as it is, as in C.
 *
 * @throws {SyscallError} If the process may not, or has not become what it was to become. It must
 *   not go on then.
 */
export function becomeUser({ uid = 0, gid = 0, gids }: AccountNumbers): void {
  if (gids !== undefined) setgroups(groupListWith(gid === 0 ? getegid() : gid, gids));
  if (gid !== 0) setgid(gid);
  if (uid !== 0) setuid(uid);
  const isGroup = gid === 0 || groupIds().every((id) => id === gid);
  const isUser = uid === 0 || userIds().every((id) => id === uid);
  if (!isGroup || !isUser) throw new SyscallError("take on the ids", EPERM);
  if (uid !== 0 && seteuid(ROOT) === 0) throw new SyscallError("give up the rights of root", EPERM);
}
