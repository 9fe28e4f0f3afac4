/**
 * Files of /etc/fix-attrs.d: the owner and modes that some files are to have.
 *
 *     PATH RECURSE ACCOUNT FILEMODE DIRECTORYMODE
 *     /var/lib/mysql true mysql 0600 0700
 *     /var/log/mysql-* true nobody,32768:32768 0644 -
 *
 * PATH may be a pattern; a backslash before a blank makes it part of the path. ACCOUNT is USER, or
 * USER:GROUP with names or numbers; UID:GID after a comma is used for unknown names. A mode is
 * octal; `-` leaves modes unchanged. Empty lines and those that begin with `#` are ignored. Source:
 * s6-overlay 3.2.3, README.md and libexec/fix-attrs; 2.2, fix-attrs; s6-envuidgid -nB -D. Pure.
 */
import { parseUint } from "../../core/linux/config_file.ts";
import type { UserAccount } from "../../core/accounts/account_files.ts";

export interface FixAttrsAccount {
  /** As it was written, for messages. */
  readonly text: string;
  readonly user: string;
  /** Absent: the user's own. */
  readonly group?: string;
  readonly fallback?: UserAccount;
}

export interface FixAttrsRule {
  readonly pattern: string;
  readonly recurse: boolean;
  readonly account: FixAttrsAccount;
  /** Absent: as they are. */
  readonly fileMode?: number;
  readonly directoryMode?: number;
}

export interface FixAttrsProblem {
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
}

export interface FixAttrsFile {
  readonly rules: readonly FixAttrsRule[];
  readonly problems: readonly FixAttrsProblem[];
}

/** Malformed lines are returned as problems; the others apply. */
export function parseFixAttrs(text: string): FixAttrsFile {
  const rules: FixAttrsRule[] = [];
  const problems: FixAttrsProblem[] = [];
  for (const [at, line] of text.split("\n").entries()) {
    const words = splitWords(line);
    if (words.length === 0 || line.trimStart().startsWith("#")) continue;
    const rule = parseRule(words);
    if (typeof rule === "string") problems.push({ line: at + 1, text: rule });
    else rules.push(rule);
  }
  return { rules, problems };
}

/**
 * Splits at blanks. A backslash before a blank is dropped and makes the blank part of the word;
 * before anything else it stays, for the pattern.
 */
function splitWords(line: string): string[] {
  return Array.from(
    line.matchAll(/(?:\\[^]|[^ \t\r\\]|\\$)+/g),
    ([word]) => word.replace(/\\([ \t])/g, "$1"),
  );
}

function parseRule(words: readonly string[]): FixAttrsRule | string {
  const [pattern = "", recurse = "", account = "", fileMode = "", directoryMode = ""] = words;
  if (words.length !== 5) {
    return `not five words: path, recurse, account, file mode, directory mode`;
  }
  if (recurse !== "true" && recurse !== "false") {
    return `recurse is neither true nor false: ${recurse}`;
  }
  const parsedAccount = parseAccount(account);
  if (typeof parsedAccount === "string") return parsedAccount;
  for (const mode of [fileMode, directoryMode]) {
    if (mode !== "-" && !/^[0-7]{1,5}$/.test(mode)) return `not an octal mode: ${mode}`;
  }
  return {
    pattern,
    recurse: recurse === "true",
    account: parsedAccount,
    ...(fileMode === "-" ? {} : { fileMode: parseInt(fileMode, 8) & 0o7777 }),
    ...(directoryMode === "-" ? {} : { directoryMode: parseInt(directoryMode, 8) & 0o7777 }),
  };
}

function parseAccount(text: string): FixAttrsAccount | string {
  const comma = text.indexOf(",");
  const name = comma === -1 ? text : text.slice(0, comma);
  const colon = name.indexOf(":");
  const account = {
    text: name,
    user: colon === -1 ? name : name.slice(0, colon),
    ...(colon === -1 ? {} : { group: name.slice(colon + 1) }),
  };
  if (account.user === "" && (account.group ?? "") === "") return `no account: ${text}`;
  if (comma === -1) return account;
  const numbers = text.slice(comma + 1).split(":");
  const [uid, gid] = [parseUint(numbers[0] ?? ""), parseUint(numbers[1] ?? "0")];
  if (uid === undefined || gid === undefined) {
    return `not numbers, UID:GID, after the comma: ${text}`;
  }
  return { ...account, fallback: { uid, gid } };
}

export interface AccountFiles {
  findUser(name: string): UserAccount | undefined;
  findGid(name: string): number | undefined;
}

/** The value that tells chown(2) to leave an ID unchanged. */
export const UNCHANGED_ID = -1;

/** The numbers of an account, or what is wrong with it. */
export function resolveAccount(
  account: FixAttrsAccount,
  files: AccountFiles,
): UserAccount | string {
  const { user, group, fallback } = account;
  const entry = user === "" ? undefined : files.findUser(user);
  if (group === undefined) {
    if (entry !== undefined) return entry;
    const number = parseUint(user);
    return fallback ??
      (number === undefined
        ? `unknown user: ${user}`
        : `unknown user: ${user}; write ${user}:GROUP if that is a number`);
  }
  const uid = user === "" ? UNCHANGED_ID : entry?.uid ?? parseUint(user) ?? fallback?.uid;
  if (uid === undefined) return `unknown user: ${user}`;
  const gid = group === ""
    ? UNCHANGED_ID
    : files.findGid(group) ?? parseUint(group) ?? fallback?.gid;
  return gid === undefined ? `unknown group: ${group}` : { uid, gid };
}
