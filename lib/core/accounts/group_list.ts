/**
 * The list of supplementary groups that goes with a primary group. Source: skalibs,
 * setgroups_and_gid. Pure.
 */

/**
 * `gids` with `gid` in front and only there: some systems take the first one for the primary group.
 */
export function groupListWith(gid: number, gids: readonly number[]): readonly number[] {
  const at = gids.indexOf(gid);
  return [gid, ...gids.filter((_, i) => i !== at)];
}
