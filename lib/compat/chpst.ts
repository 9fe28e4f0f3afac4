/**
 * runit's chpst: changes the state of the process, in a fixed order, and executes a program. Source:
 * runit, chpst(8), chpst.c.
 */
import { EXIT_SYSTEM } from "../core/cli/exit_codes.ts";
import { UsageError } from "../core/cli/getopt.ts";
import { EBADF } from "../core/linux/errno.ts";
import type { Ids } from "../core/accounts/id_numbers.ts";
import { groupText, passwdText } from "../credentials/account_texts.ts";
import { limit } from "../credentials/softlimit.ts";
import type { Call, Link, Next } from "../execline/link.ts";
import { LinkFailure } from "../execline/link_failure.ts";
import { chrootHere } from "../libc/file.ts";
import { setsid } from "../libc/process.ts";
import { addNiceness } from "../libc/resource_limit.ts";
import { CHPST_LIMITS } from "./core/chpst_options.ts";
import { runitIds } from "./core/runit_ids.ts";
import { oldEnvdir } from "./old_envdir.ts";
import { attempt, needOldWords, oldChecked, oldFailure, oldNext } from "./old_failure.ts";
import { becomeOnly } from "./old_ids.ts";
import { takeOldLock } from "./old_lock.ts";

const SOFT_ONLY = { soft: true, hard: false };
const STANDARD = [["0", "stdin"], ["1", "stdout"], ["2", "stderr"]] as const;

export const chpst: Link = {
  nature: "process",
  run(call): Next {
    const { state, flag, value, words } = call;
    const niceness = increment(value("n") ?? "0");
    checkNumbers(call);
    const lock = lockOf(call);
    needOldWords(words, 1);
    if (flag("P")) setsid(); // fails where it leads a session already
    applyEnvdir(call);
    enter(call);
    if (niceness !== 0) oldChecked("unable to set nice level", addNiceness(niceness));
    const told = value("U");
    if (told !== undefined) {
      const { uid, gid } = idsOf(told);
      state.env.change([["GID", String(gid)], ["UID", String(uid)]]);
    }
    const user = value("u");
    if (user !== undefined) becomeOnly(idsOf(user), "unable to setgroups");
    if (lock !== undefined) {
      const unable = (doing: string) =>
        `unable to ${doing === "open" ? "open lock" : doing}: ${lock.file}`;
      takeOldLock(state, lock.file, { wait: lock.wait, unable });
    }
    for (const [number, name] of STANDARD) {
      if (!flag(number)) continue;
      if (state.fd(Number(number)) < 0) throw oldFailure(`unable to close ${name}`, EBADF);
      state.fds.close(Number(number));
    }
    for (const { name, value } of limitsOf(call)) limit(state, name, value || "0", SOFT_ONLY);
    const argv0 = value("b");
    const shown = argv0 === undefined ? words : words.slice(1).behind(argv0);
    return { ...oldNext(shown, "unable to run: "), executable: words.first! };
  },
};

function limitsOf({ options }: Call): Call["options"] {
  return options.filter(({ name }) => CHPST_LIMITS.some((letter) => letter === name));
}

/** @throws {UsageError} If a limit is no number. */
function checkNumbers(call: Call): void {
  if (limitsOf(call).some(({ value }) => !/^[0-9]{0,19}$/.test(value))) throw new UsageError("");
}

/** @throws {UsageError} If it is no number. */
function increment(text: string): number {
  if (!/^[+-]?[0-9]{0,9}$/.test(text)) throw new UsageError("");
  return Number(text.replace(/^\+/, "").replace(/^-?$/, "0"));
}

/** @throws {UsageError} If there are two. */
function lockOf({ options }: Call): { readonly file: string; readonly wait: boolean } | undefined {
  const [lock, second] = options.filter(({ name }) => name === "l" || name === "L");
  if (second !== undefined) throw new UsageError("");
  return lock === undefined ? undefined : { file: lock.value, wait: lock.name === "l" };
}

function applyEnvdir({ state, flag, value, warn }: Call): void {
  const directory = value("e");
  if (directory === undefined) return;
  state.env.change(oldEnvdir(directory, {
    unable: `unable to switch to directory: ${directory}`,
    onDirectory: (path) => {
      if (flag("v")) warn(`unable to read ${path}: is a directory`);
    },
  }));
}

function enter({ state, value }: Call): void {
  const root = value("/");
  const directory = value("C");
  const go = (path: string) => oldChecked(`unable to change directory: ${path}`, state.chdir(path));
  if (root !== undefined) {
    go(root);
    oldChecked("unable to change root directory", chrootHere());
  }
  if (directory !== undefined) go(directory);
}

/** @throws {LinkFailure} If there is no such user or group. */
function idsOf(text: string): Ids {
  const files = attempt("unable to get password/group file entry", () => ({
    passwd: passwdText(),
    group: groupText(),
  }));
  const ids = runitIds(text, files);
  if (ids === "invalid") {
    throw new LinkFailure(EXIT_SYSTEM, `invalid uid/gids: ${text.slice(1)}`);
  }
  if (ids === "unknown") throw new LinkFailure(EXIT_SYSTEM, `unknown user/group: ${text}`);
  return ids;
}
