/**
 * setuser of phusion's base image: another user with its groups, and with the variables that tell
 * who that is. Source: baseimage-docker, image/bin/setuser.
 */
import { homeOfUser, userAccount } from "../core/accounts/account_files.ts";
import { supplementaryGids } from "../core/accounts/account_lookup.ts";
import { strerror } from "../core/linux/errno.ts";
import { groupText, passwdText } from "../credentials/account_texts.ts";
import type { Link, Next } from "../execline/link.ts";
import { LinkFailure } from "../execline/link_failure.ts";
import { becomeOnly } from "./old_ids.ts";

const EXIT_FAILED = 1;

/** setuser username command */
export const setuser: Link = {
  nature: "process",
  run({ state, words }): Next {
    if (words.length < 2) {
      throw new LinkFailure(EXIT_FAILED, "usage: setuser USERNAME COMMAND [args..]");
    }
    const user = words.first!;
    const passwd = passwdText();
    const account = userAccount(passwd, user);
    const home = homeOfUser(passwd, user);
    if (account === undefined || home === undefined) {
      throw new LinkFailure(EXIT_FAILED, `user ${user} not found`);
    }
    const { uid, gid } = account;
    const gids = [...new Set([gid, ...supplementaryGids(groupText(), user)])];
    becomeOnly({ uid, gid, gids }, "unable to set the groups");
    state.env.change([["USER", user], ["HOME", home], ["UID", String(uid)]]);
    const command = words.slice(1);
    return {
      words: command,
      failure: (errno) =>
        new LinkFailure(EXIT_FAILED, `cannot execute ${command.first}: ${strerror(errno)}`),
    };
  },
};
