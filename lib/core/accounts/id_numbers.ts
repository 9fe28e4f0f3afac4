/**
 * Numeric user and group ids in text: one, a list, and the three together as `s6-envuidgid -D`
 * takes them. Source: s6, doc/s6-applyuidgid.html, s6-envuidgid.html; skalibs, gid_scanlist. Pure.
 */
import { parseUint } from "../linux/config_file.ts";

/** Largest id; the next number means "none" to the system. */
const MAX_ID = 0xfffffffe;
/** NGROUPS_MAX of Linux. */
const MAX_GROUPS = 65536;

/** An id in decimal; undefined if the text is anything else. */
export function parseId(text: string): number | undefined {
  const id = parseUint(text);
  return id !== undefined && id <= MAX_ID ? id : undefined;
}

/** `1,2,3`, or nothing at all for an empty list. Undefined if the text is no such list. */
export function parseIdList(text: string): readonly number[] | undefined {
  if (text === "") return [];
  const ids = text.split(",").map(parseId);
  return ids.length <= MAX_GROUPS && ids.every((id) => id !== undefined) ? ids : undefined;
}

export interface Ids {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups. */
  readonly gids: readonly number[];
}

/**
 * `uid:gid:gidlist`; what is missing or empty is 0, or no group. Undefined if a part is no number.
 */
export function parseDefaultIds(text: string): Ids | undefined {
  const [uidText = "", gidText = "", listText = "", ...rest] = text.split(":");
  const uid = uidText === "" ? 0 : parseId(uidText);
  const gid = gidText === "" ? 0 : parseId(gidText);
  const gids = parseIdList(listText);
  if (uid === undefined || gid === undefined || gids === undefined || rest.length > 0) {
    return undefined;
  }
  return { uid, gid, gids };
}
