/**
 * The links that find out who somebody is and become that user. Source: s6, doc/s6-setuidgid.html,
 * s6-envuidgid.html, s6-applyuidgid.html, daemontools-extras/s6-*uidgid.c.
 */
import { EXIT_USAGE } from "../core/cli/exit_codes.ts";
import type {
  AccountForm,
  AccountLookup,
  AccountRequest,
} from "../core/accounts/account_lookup.ts";
import { type ParsedOption, UsageError } from "../core/cli/getopt.ts";
import { type Ids, parseDefaultIds, parseId, parseIdList } from "../core/accounts/id_numbers.ts";
import { needWords, requireVariable } from "../execline/arguments.ts";
import { type Call, goOn, type Link, type LinkResult } from "../execline/link.ts";
import { LinkFailure } from "../execline/link_failure.ts";
import { findAccount } from "./account.ts";
import { becomeUser } from "./drop.ts";

const EXIT_UNKNOWN = 1;
export const VARIABLES = ["UID", "GID", "GIDLIST"] as const;
const ACCOUNT: AccountRequest = { form: "account", numeric: false };

function checkKnown({ unknown }: AccountLookup): void {
  const [what] = unknown;
  if (what === undefined) return;
  const file = what.startsWith("group") ? "/etc/group" : "/etc/passwd";
  throw new LinkFailure(EXIT_UNKNOWN, `unknown ${what} (there is no such name in ${file})`);
}

/** An id of a command line. @throws {UsageError} If it is no number. */
function idOption(what: string, text: string): number {
  const id = parseId(text);
  if (id === undefined) throw new UsageError(`invalid ${what}: ${text}`);
  return id;
}

/** s6-setuidgid account prog... */
export const setuidgid: Link = {
  nature: "process",
  allOperands: true,
  run({ state, words }): LinkResult {
    needWords(words, 2, "an account and a program are");
    const account = words.first!;
    const colon = account.indexOf(":");
    if (colon >= 0) {
      becomeUser({
        uid: idOption("uid", account.slice(0, colon)),
        gid: idOption("gid", account.slice(colon + 1)),
        gids: [],
      });
    } else if (account !== "") {
      const found = findAccount(account, ACCOUNT);
      checkKnown(found);
      becomeUser(found);
      // C goes through them on its way, and they are gone afterwards
      for (const name of VARIABLES) state.env.unset(name);
    }
    return goOn(words.slice(1));
  },
};

interface EnvuidgidRequest extends AccountRequest {
  readonly defaults: Ids | undefined;
}

const FORMS: Readonly<Record<string, AccountForm>> = { u: "user", g: "group", B: "both" };

function envuidgidRequest(options: readonly ParsedOption[]): EnvuidgidRequest {
  let form: AccountForm = "account";
  let numeric = false;
  let byNumber = false;
  let defaults: Ids | undefined;
  for (const { name, value } of options) {
    if (name === "n") {
      numeric = true;
      if (form === "account") form = "both"; // a number has no list of groups
    } else if (name === "D") {
      defaults = parseDefaultIds(value);
      if (defaults === undefined) {
        throw new UsageError(`invalid default: ${value} (it is uid:gid:gid,gid...)`);
      }
    } else if (name === "N") byNumber = true;
    else if (name === "i") defaults = undefined;
    else form = FORMS[name]!;
  }
  return { form, numeric, byNumber, defaults };
}

/** s6-envuidgid [ -u | -g | -B ] [ -n | -N ] [ -i | -D uid:gid:gidlist ] account prog... */
export const envuidgid: Link = {
  nature: "state",
  run({ state, options, words }): LinkResult {
    const request = envuidgidRequest(options);
    needWords(words, 2, "an account and a program are");
    const found = findAccount(words.first!, request);
    if (request.defaults === undefined) checkKnown(found);
    const { uid, gid, gids } = { ...(request.defaults ?? { uid: 0, gid: 0, gids: [] }), ...found };
    if (request.form !== "group") state.env.set("UID", String(uid));
    if (request.form !== "user") state.env.set("GID", String(gid));
    if (request.form === "account") state.env.set("GIDLIST", gids.join(","));
    return goOn(words.slice(1));
  },
};

function variable<T>(call: Call, name: string, parse: (text: string) => T | undefined): T {
  const value = parse(requireVariable(call, name));
  if (value === undefined) throw new LinkFailure(EXIT_USAGE, `invalid ${name}`);
  return value;
}

/**
 * The ids that UID, GID and GIDLIST say, as s6-envuidgid sets them. @throws {LinkFailure} If one of
 * them is not set or no number.
 */
export function environmentIds(call: Call): Ids {
  const [uid, gid, gids] = VARIABLES;
  return {
    uid: variable(call, uid, parseId),
    gid: variable(call, gid, parseId),
    gids: variable(call, gids, parseIdList),
  };
}

/** Numbers, as in C, or names of groups; with `+` in front, besides those that there are. */
function gidListOption(text: string, before: readonly number[]): readonly number[] {
  const isMore = text.startsWith("+");
  const list = isMore ? text.slice(1) : text;
  const gids = parseIdList(list) ?? list.split(",").map(gidOf);
  return isMore ? [...before, ...gids] : gids;
}

function gidOf(group: string): number {
  const id = parseId(group);
  if (id !== undefined) return id;
  if (!/^[^\s:,]+$/.test(group)) throw new UsageError(`invalid group: ${group}`);
  const found = findAccount(group, { form: "group", numeric: false });
  checkKnown(found);
  return found.gid!;
}

/** s6-applyuidgid [ -z ] [ -u uid ] [ -g gid ] [ -G gidlist ] [ -U ] prog... */
export const applyuidgid: Link = {
  nature: "process",
  run(call): LinkResult {
    let ids: { uid?: number; gid?: number; gids?: readonly number[] } = {};
    let unexport = false;
    for (const { name, value } of call.options) {
      if (name === "z") unexport = true;
      else if (name === "u") ids = { ...ids, uid: idOption("uid", value) };
      else if (name === "g") ids = { ...ids, gid: idOption("gid", value) };
      else if (name === "G") ids = { ...ids, gids: gidListOption(value, ids.gids ?? []) };
      else {
        ids = environmentIds(call);
      }
    }
    needWords(call.words, 1, "a program is");
    becomeUser(ids);
    for (const name of unexport ? VARIABLES : []) call.state.env.unset(name);
    return goOn(call.words);
  },
};
