/**
 * Whom `chpst -u` means: `USER`, which has its own group alone, `USER:GROUP...`, or with a colon in
 * front numbers. Source: runit, chpst(8), uidgid.c. Pure.
 */
import { gidOfGroup, userAccount } from "../../core/accounts/account_files.ts";
import type { AccountFiles } from "../../core/accounts/account_lookup.ts";
import { type Ids, parseId } from "../../core/accounts/id_numbers.ts";

/** `gid` is the first of `gids`, which are all that there are to be. */
export type RunitIds = Ids | "invalid" | "unknown";

export function runitIds(text: string, files: AccountFiles): RunitIds {
  const [user = "", ...groups] = text.split(":");
  if (text.startsWith(":")) {
    const ids = text.slice(1).split(":").map(parseId);
    return ids.length < 2 ? "invalid" : idsOf(ids) ?? "invalid";
  }
  const account = userAccount(files.passwd, user);
  const gids = groups.map((group) => gidOfGroup(files.group, group));
  return idsOf([account?.uid, ...(groups.length === 0 ? [account?.gid] : gids)]) ?? "unknown";
}

/** Undefined if one of the numbers is not known. */
function idsOf(numbers: readonly (number | undefined)[]): Ids | undefined {
  const [uid, ...gids] = numbers.filter((number) => number !== undefined);
  if (numbers.includes(undefined)) return undefined;
  return { uid: uid!, gid: gids[0]!, gids };
}
