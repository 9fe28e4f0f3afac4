/**
 * The programs of daemontools that execute another one. Source: daemontools 0.76, and the pages
 * https://cr.yp.to/daemontools/setuidgid.html and its neighbours.
 */
import { EXIT_SYSTEM } from "../core/cli/exit_codes.ts";
import { type UserAccount, userAccount } from "../core/accounts/account_files.ts";
import { UsageError } from "../core/cli/getopt.ts";
import { wexitstatus, wifsignaled } from "../core/linux/wstat.ts";
import { passwdText } from "../credentials/account_texts.ts";
import { limit } from "../credentials/softlimit.ts";
import { readByte, startHeld } from "../daemonising/fghack.ts";
import type { Words } from "../execline/core/words.ts";
import type { Link, LinkResult, Next } from "../execline/link.ts";
import { LinkFailure } from "../execline/link_failure.ts";
import { setsid, waitFor } from "../libc/process.ts";
import { oldEnvdir } from "./old_envdir.ts";
import { attempt, needOldWords, oldFailure, oldNext } from "./old_failure.ts";
import { becomeOnly } from "./old_ids.ts";
import { takeOldLock } from "./old_lock.ts";

const SOFT_ONLY = { soft: true, hard: false };

/** The account that comes first. @throws {LinkFailure} If it is not known. */
function accountOf(words: Words): UserAccount {
  needOldWords(words, 2);
  const name = words.first!;
  const account = userAccount(attempt("unable to read /etc/passwd", passwdText), name);
  if (account === undefined) throw new LinkFailure(EXIT_SYSTEM, `unknown account ${name}`);
  return account;
}

/** setuidgid account child */
export const setuidgid: Link = {
  nature: "process",
  run({ words }): Next {
    const { uid, gid } = accountOf(words);
    becomeOnly({ uid, gid, gids: [gid] }, "unable to setgid");
    return oldNext(words.slice(1));
  },
};

/** envuidgid account child */
export const envuidgid: Link = {
  nature: "state",
  run({ state, words }): Next {
    const { uid, gid } = accountOf(words);
    state.env.change([["GID", String(gid)], ["UID", String(uid)]]);
    return oldNext(words.slice(1));
  },
};

/** envdir dir child */
export const envdir: Link = {
  nature: "state",
  run({ state, words }): Next {
    needOldWords(words, 2);
    const unable = `unable to switch to directory ${words.first}`;
    state.env.change(oldEnvdir(words.first!, { unable }));
    return oldNext(words.slice(1));
  },
};

/** pgrphack child */
export const pgrphack: Link = {
  nature: "process",
  run({ words }): Next {
    needOldWords(words, 1);
    setsid(); // fails where it leads a session already
    return oldNext(words);
  },
};

/** softlimit [-a allbytes] ... child */
export const softlimit: Link = {
  nature: "process",
  run({ state, options, words }): Next {
    needOldWords(words, 1);
    for (const { name, value } of options) {
      if (!limit(state, name, value || "0", SOFT_ONLY)) throw new UsageError("");
    }
    return oldNext(words);
  },
};

/** setlock [ -nNxX ] file program [ arg ... ] */
export const setlock: Link = {
  nature: "process",
  run({ state, last, words }): LinkResult {
    needOldWords(words, 2);
    const file = words.first!;
    const wait = last("n", "N") !== "n";
    try {
      takeOldLock(state, file, { wait, unable: (doing) => `unable to ${doing} ${file}` });
    } catch (error) {
      if (error instanceof LinkFailure && last("x", "X") === "x") return 0;
      throw error;
    }
    return oldNext(words.slice(1));
  },
};

/** fghack child */
export const fghack: Link = {
  nature: "process",
  async run(call): Promise<LinkResult> {
    needOldWords(call.words, 1);
    const { pid, readFd } = await startHeld(call);
    if (pid < 0) throw oldFailure(`unable to run ${call.words.first}`, -pid);
    while (readByte(readFd) > 0); // what the program writes there is of no interest
    const wstat = waitFor(pid);
    if (wifsignaled(wstat)) throw new LinkFailure(EXIT_SYSTEM, "child crashed");
    return wexitstatus(wstat);
  },
};
