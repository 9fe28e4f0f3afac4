/**
 * The user that a service runs as, and the links that change to that user. C s6 has all of these
 * links, except for a user given only as a number (`s6-envuidgid -N`) and for groups by name
 * (`s6-applyuidgid -G`). Source: s6, doc/s6-setuidgid.html, s6-envuidgid.html, s6-applyuidgid.html.
 * Pure.
 */
import { parseId } from "../../core/accounts/id_numbers.ts";

export interface PlannedUser {
  /** A name or a number; absent: the supervisor's user, which is root. */
  readonly user?: string;
  /** A name or a number; absent: the user's group. */
  readonly group?: string;
  /** Supplementary groups, in addition to the user's groups in `/etc/group`, or instead of them. */
  readonly groups?: readonly string[];
  /** Ignores the user's groups in `/etc/group`. */
  readonly onlyTheseGroups?: boolean;
}

/** Variables that the links use temporarily and then remove. */
const TRANSIENT = ["UID", "GID", "GIDLIST"] as const;

/** Parses `USER` or `USER:GROUP`, as on command lines: with a group, there are no other groups. */
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

/** Variables that the service should have but that its change of user would remove. */
export function lostVariables(
  environment: readonly (readonly [name: string, value: string])[],
): (readonly [string, string])[] {
  return environment.filter(([name]) => TRANSIENT.some((transient) => transient === name));
}

/** `USER`, or `USER:GROUP`, for chown and for `user:` of a logscript. */
export function ownerOf({ user = "0", group }: PlannedUser): string {
  return group === undefined ? user : `${user}:${group}`;
}
