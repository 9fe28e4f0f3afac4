/** An account by its name, out of /etc/passwd and /etc/group: the images that we run in have no name service. */
import type { AccountFiles, AccountLookup, AccountRequest } from "../core/account_lookup.ts";
import { lookUpAccount } from "../core/account_lookup.ts";
import { decodePath } from "../core/path_bytes.ts";
import { readSmallFile } from "../libc/file.ts";

/** Enough for the largest directories that are kept as files. */
const SIZE_LIMIT = 16 * 1024 * 1024;

function textOf(path: string): string {
  return decodePath(readSmallFile(path, SIZE_LIMIT) ?? new Uint8Array(0));
}

/** What `account` stands for on this system. @throws {SyscallError} If one of the files is there and can't be read. */
export function findAccount(account: string, request: AccountRequest): AccountLookup {
  const files: AccountFiles = {
    passwd: textOf("/etc/passwd"),
    // who asks for a user alone must not fail on what is wrong with the other file
    group: request.form === "user" ? "" : textOf("/etc/group"),
  };
  return lookUpAccount(account, request, files);
}
