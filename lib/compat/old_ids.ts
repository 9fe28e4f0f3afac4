/** Becoming another user as runit and daemontools do: with these groups and no others. */
import { EPERM } from "../core/linux/errno.ts";
import type { Ids } from "../core/accounts/id_numbers.ts";
import { seteuid, setgid, setgroups, setuid } from "../libc/identity.ts";
import { attempt, oldFailure } from "./old_failure.ts";

const ROOT = 0;

/** @throws {LinkFailure} If that fails, or root's rights could be had back. */
export function becomeOnly({ uid, gid, gids }: Ids, groupsFailure: string): void {
  attempt(groupsFailure, () => setgroups(gids));
  attempt("unable to setgid", () => setgid(gid));
  attempt("unable to setuid", () => setuid(uid));
  if (uid !== ROOT && seteuid(ROOT) === 0) throw oldFailure("unable to setuid", EPERM);
}
