/** The rights of a client that has connected. Source: s6, fdholder/s6-fdholderd.c, new_connection. */
import type { Rules } from "../accessrules/rules.ts";
import { encodePath } from "../core/text/path_bytes.ts";
import { SyscallError } from "../libc/bind.ts";
import { Ere } from "../libc/regex.ts";
import { peerOf } from "../libc/socket/local.ts";
import { grantedRights } from "./core/rights.ts";
import type { Rights } from "./core/store.ts";

export type ClientRights = Rights & Disposable;

/**
 * What the rules let the client at the other end do; undefined: not even connect.
 *
 * @throws {SyscallError | SyntaxError} If the rules can't be read, or have no regular expression
 *   where there must be one.
 */
export function rightsOfPeer(
  socketFd: number,
  rules: Rules,
  warn: (text: string) => void,
): ClientRights | undefined {
  const peer = peerOf(socketFd);
  if (typeof peer === "number") throw new SyscallError("getpeereid", -peer);
  const rule = rules.of(peer);
  if (rule?.kind !== "allow") return undefined;
  if (rule.exec.length > 0) {
    warn(`unused exec string in rules for uid ${peer.uid} gid ${peer.gid}`);
  }
  const { storePattern, retrievePattern, ...rights } = grantedRights(rule.env);
  const store = pattern("S6_FDHOLDER_STORE_REGEX", storePattern);
  const retrieve = pattern("S6_FDHOLDER_RETRIEVE_REGEX", retrievePattern);
  return {
    ...rights,
    mayStore: (name) => store?.test(encodePath(name)) === true,
    mayRetrieve: (name) => retrieve?.test(encodePath(name)) === true,
    [Symbol.dispose]: () => {
      store?.[Symbol.dispose]();
      retrieve?.[Symbol.dispose]();
    },
  };
}

function pattern(variable: string, text: string | undefined): Ere | undefined {
  try {
    return text === undefined ? undefined : new Ere(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new SyntaxError(`invalid ${variable} value: ${text}: ${error.message}`);
  }
}
