/**
 * The account of a unit: User=, Group=, SupplementaryGroups=, DynamicUser=, and the variables that
 * come with a user. Source: systemd.exec(5), "User/Group Identity", "Environment Variables in
 * Spawned Processes". Pure.
 */
import { parseId } from "../../core/accounts/id_numbers.ts";
import type { PlannedUser } from "./planned_user.ts";
import type { UnitContext } from "./unit_context.ts";
import { unitBoolean } from "../../grammars/core/unit_times.ts";

/** The first ID that systemd uses for DynamicUser. */
const FIRST_DYNAMIC = 61184;
const LAST_DYNAMIC = 65519;

export function accountOf(context: UnitContext): PlannedUser | undefined {
  const { service, notes } = context;
  const [user, group] = [context.value("User"), context.value("Group")];
  let groups: string[] = [];
  for (const entry of service.takeAll("SupplementaryGroups")) {
    if (entry.value === "") groups = [];
    else groups.push(...context.words(entry));
  }
  const dynamic = service.take("DynamicUser");
  if (dynamic !== undefined && unitBoolean(dynamic.value)) {
    const id = String(dynamicId(user ?? context.name.plain));
    notes.entry(dynamic, `it runs as ${id}:${id}, a number of its own that no account has`);
    return { user: id, group: group ?? id, groups, onlyTheseGroups: true };
  }
  if (user === undefined && group === undefined && groups.length === 0) return undefined;
  return {
    ...(user === undefined ? {} : { user }),
    ...(group === undefined ? {} : { group }),
    ...(groups.length === 0 ? {} : { groups }),
  };
}

/** The same ID for the same name, so that a service keeps its files. */
function dynamicId(name: string): number {
  let hash = 2166136261;
  for (const character of name) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 16777619) >>> 0;
  }
  return FIRST_DYNAMIC + hash % (LAST_DYNAMIC - FIRST_DYNAMIC + 1);
}

/** USER and LOGNAME, and the user whose home is HOME, for a unit that names a user. */
export function loginOf(
  account: PlannedUser | undefined,
): { readonly variables: readonly (readonly [string, string])[]; readonly homeOf?: string } {
  const user = account?.user;
  if (user === undefined || parseId(user) !== undefined) return { variables: [] };
  return { variables: [["USER", user], ["LOGNAME", user]], homeOf: user };
}

/** The owner for chown: with the user's group, if no group is named. */
export function chownOf({ user = "0", group }: PlannedUser): string {
  if (group !== undefined) return `${user}:${group}`;
  return parseId(user) === undefined ? `${user}:` : user;
}
