/**
 * Looking things up in /etc/passwd and /etc/group. The images that we run in have no name service,
 * so the files are what there is.
 *
 * Lines that are no entries (comments, blank, too few fields, no number where one belongs) are
 * skipped; the first match counts. Source: passwd(5), group(5). Pure.
 */
import { parseId } from "./id_numbers.ts";

export interface UserAccount {
  readonly uid: number;
  readonly gid: number;
}

/** The first entry for `name` that has both numbers, or `undefined`. */
export function userAccount(passwdFile: string, name: string): UserAccount | undefined {
  for (const fields of entries(passwdFile)) {
    const uid = idIn(fields[2]);
    const gid = idIn(fields[3]);
    if (fields[0] === name && uid !== undefined && gid !== undefined) return { uid, gid };
  }
  return undefined;
}

/** The number of the group `name`, or `undefined`. */
export function gidOfGroup(groupFile: string, name: string): number | undefined {
  for (const fields of entries(groupFile)) {
    if (fields[0] === name) {
      const gid = idIn(fields[2]);
      if (gid !== undefined) return gid;
    }
  }
  return undefined;
}

/** The name of the group `gid`, or `undefined`. */
export function groupOfGid(groupFile: string, gid: number): string | undefined {
  for (const fields of entries(groupFile)) {
    if (idIn(fields[2]) === gid) return fields[0];
  }
  return undefined;
}

/** The primary group of the user `uid`, or `undefined`. */
export function primaryGidOfUid(passwdFile: string, uid: number): number | undefined {
  for (const fields of entries(passwdFile)) {
    if (idIn(fields[2]) === uid) {
      const gid = idIn(fields[3]);
      if (gid !== undefined) return gid;
    }
  }
  return undefined;
}

/** The name of the first user with the number `uid`, or `undefined`. */
export function nameOfUid(passwdFile: string, uid: number): string | undefined {
  for (const fields of entries(passwdFile)) if (idIn(fields[2]) === uid) return fields[0];
  return undefined;
}

/** The home directory of the user `name`, or `undefined`. */
export function homeOfUser(passwdFile: string, name: string): string | undefined {
  for (const fields of entries(passwdFile)) {
    if (fields[0] === name && fields.length > 5) return fields[5];
  }
  return undefined;
}

/**
 * The lines of such a file one after the other: it may be large, and the one that is looked for is
 * near its beginning.
 */
export function* linesOf(file: string): Generator<string> {
  for (let start = 0; start <= file.length;) {
    const found = file.indexOf("\n", start);
    const end = found === -1 ? file.length : found;
    yield file.slice(start, end);
    start = end + 1;
  }
}

function* entries(file: string): Generator<string[]> {
  for (const line of linesOf(file)) if (line !== "" && !line.startsWith("#")) yield line.split(":");
}

function idIn(field: string | undefined): number | undefined {
  return field === undefined ? undefined : parseId(field);
}
