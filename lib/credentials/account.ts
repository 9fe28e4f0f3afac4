/** An account by its name, out of /etc/passwd and /etc/group. */
import type {
  AccountFiles,
  AccountLookup,
  AccountRequest,
} from "../core/accounts/account_lookup.ts";
import { lookUpAccount } from "../core/accounts/account_lookup.ts";
import { groupText, passwdText } from "./account_texts.ts";

/**
 * What `account` stands for on this system. @throws {SyscallError} If one of the files is there and
 * can't be read.
 */
export function findAccount(account: string, request: AccountRequest): AccountLookup {
  const files: AccountFiles = {
    passwd: passwdText(),
    // who asks for a user alone must not fail on what is wrong with the other file
    group: request.form === "user" ? "" : groupText(),
  };
  return lookUpAccount(account, request, files);
}
