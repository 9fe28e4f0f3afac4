/**
 * Looking up what a user may do, in a directory of rules or in a database of them. Source: s6,
 * doc/libs6/accessrules.html, s6_accessrules_uidgid_fs.c, s6_accessrules_uidgid_cdb.c.
 */
import { EFBIG, EINVAL, ENOENT } from "../core/linux/errno.ts";
import { encodePath } from "../core/text/path_bytes.ts";
import { SyscallError } from "../libc/bind.ts";
import { R_OK } from "../libc/file.ts";
import { getegid, geteuid } from "../libc/process.ts";
import { readSmallFile } from "../libc/small_file.ts";
import { Cdb, CdbError } from "./core/cdb.ts";
import { parseRuleRecord, type Rule } from "./core/rule.ts";
import { type UserIds, userKeys } from "./core/user_keys.ts";
import { readRule } from "./rules_directory.ts";

/** Where rules are: `-i DIR` or `-x FILE`. */
export interface RulesPlace {
  readonly kind: "directory" | "file";
  readonly path: string;
}

export interface Rules {
  /**
   * The first rule about the user; undefined: there is none, which means no.
   *
   * @throws {SyscallError} If the rules can't be read.
   */
  of(user: UserIds): Rule | undefined;
}

/** Far more than rules need, and than a process should map at once. */
const LARGEST_FILE = 64 << 20;

/** @throws {SyscallError} If the database can't be read. A directory is read at each look. */
export function openRules({ kind, path }: RulesPlace): Rules {
  const find = kind === "directory"
    ? (key: string): Rule | undefined => readRule(`${path}/${key}`, R_OK)
    : finderIn(path);
  return {
    of(user): Rule | undefined {
      for (const key of userKeys(user, { uid: geteuid(), gid: getegid() })) {
        const rule = find(key);
        if (rule !== undefined) return rule;
      }
      return undefined;
    },
  };
}

function finderIn(path: string): (key: string) => Rule | undefined {
  const cdb = openCdb(path);
  return (key) => {
    const record = damagedIsError(path, () => cdb.find(encodePath(key)));
    const rule = record && parseRuleRecord(record);
    if (rule === "broken") throw new SyscallError(`read ${path}`, EINVAL);
    return rule;
  };
}

/** @throws {SyscallError} If the file can't be read. */
export function openCdb(path: string): Cdb {
  const bytes = readSmallFile(path, LARGEST_FILE + 1);
  if (bytes === undefined) throw new SyscallError(`open ${path}`, ENOENT);
  if (bytes.length > LARGEST_FILE) throw new SyscallError(`read ${path}`, EFBIG);
  return new Cdb(bytes);
}

/** What `look` gives. @throws {SyscallError} If the database is damaged. */
export function damagedIsError<T>(path: string, look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (error instanceof CdbError) throw new SyscallError(`read ${path}`, EINVAL, error.message);
    throw error;
  }
}
