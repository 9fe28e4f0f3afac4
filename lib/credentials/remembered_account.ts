/**
 * An account that is asked for again and again, as by each logger of a boot: the files are read
 * once, and again only when one of them has changed. What is kept is the answers, not the files.
 */
import type { AccountLookup, AccountRequest } from "../core/accounts/account_lookup.ts";
import { tryStat } from "../libc/stat.ts";
import { findAccount } from "./account.ts";

const FILES = ["/etc/passwd", "/etc/group"];

let seen = "";
const answers = new Map<string, AccountLookup>();

/** Tells one content of the files from another. */
function stamp(): string {
  return FILES.map((path) => {
    const record = tryStat(path);
    return typeof record === "number"
      ? String(record)
      : [record.dev, record.ino, record.size, record.mtimeMs].join("-");
  }).join(" ");
}

/**
 * What `account` stands for on this system now. @throws {SyscallError} If one of the files is there
 * and can't be read.
 */
export function rememberedAccount(account: string, request: AccountRequest): AccountLookup {
  const now = stamp();
  if (now !== seen) answers.clear();
  seen = now;
  const key = `${request.form} ${request.numeric} ${account}`;
  let answer = answers.get(key);
  if (answer === undefined) {
    answer = findAccount(account, request);
    answers.set(key, answer);
  }
  return answer;
}
