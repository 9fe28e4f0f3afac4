/**
 * As whom a service runs, and the links that make it so, all of which C s6 has too but for a user
 * who is a number alone (`s6-envuidgid -N`) and groups by name (`s6-applyuidgid -G`). Source: s6,
 * doc/s6-setuidgid.html, s6-envuidgid.html, s6-applyuidgid.html. Pure.
 */
import { parseId } from "../../core/accounts/id_numbers.ts";

export interface PlannedUser {
  /** A name or a number; absent: who the supervisor is, which is root. */
  readonly user?: string;
  /** A name or a number; absent: that of the user. */
  readonly group?: string;
  /** Besides those that `/etc/group` gives to the user, or instead of them. */
  readonly groups?: readonly string[];
  /** What `/etc/group` says of the user does not count. */
  readonly onlyTheseGroups?: boolean;
}

/** Variables that the links use on their way, and remove. */
const TRANSIENT = ["UID", "GID", "GIDLIST"] as const;

/** `USER` or `USER:GROUP`, as command lines have it: with a group, there are no others. */
export function plannedUser(text: string): PlannedUser {
  const colon = text.indexOf(":");
  if (colon < 0) return { user: text };
  const [user, group] = [text.slice(0, colon), text.slice(colon + 1)];
  return {
    ...(user === "" ? {} : { user }),
    ...(group === "" ? {} : { group }),
    onlyTheseGroups: true,
  };
}

/** The words before the program. */
export function userChain(planned: PlannedUser): string[] {
  const { user = "0", group, groups = [], onlyTheseGroups = false } = planned;
  const isNumber = parseId(user) !== undefined;
  const list = onlyTheseGroups ? groups.join(",") : groups.length > 0 ? `+${groups.join(",")}` : "";
  const lists = onlyTheseGroups || groups.length > 0 ? ["-G", list] : [];
  if (group === undefined && lists.length === 0 && !isNumber) return ["s6-setuidgid", user];
  if (
    isNumber && group !== undefined && parseId(group) !== undefined && onlyTheseGroups &&
    groups.length === 0
  ) return ["s6-setuidgid", `${user}:${group}`];
  const known = isNumber ? ["s6-envuidgid", "-N", user] : ["s6-envuidgid", user];
  const grouped = group === undefined
    ? []
    : ["s6-envuidgid", parseId(group) === undefined ? "-g" : "-ng", group];
  return [...known, ...grouped, "s6-applyuidgid", "-Uz", ...lists];
}

/** Variables that the service is to have and that its change of user would take away. */
export function lostVariables(
  environment: readonly (readonly [name: string, value: string])[],
): (readonly [string, string])[] {
  return environment.filter(([name]) => TRANSIENT.some((transient) => transient === name));
}

/** `USER`, or `USER:GROUP`, for chown and for `user:` of a logscript. */
export function ownerOf({ user = "0", group }: PlannedUser): string {
  return group === undefined ? user : `${user}:${group}`;
}
