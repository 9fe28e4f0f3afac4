/** `run` of the catch-all logger that /init makes: see lib/overlay/catch_all.ts. It becomes s6-log. */
import { strerror } from "../lib/core/errno.ts";
import type { CommandTable } from "../lib/core/getopt.ts";
import { UsageError } from "../lib/core/getopt.ts";
import { checked } from "../lib/libc/bind.ts";
import { execFailureCode, execInto } from "../lib/libc/exec.ts";
import { dup2 } from "../lib/libc/fd.ts";
import { O_RDONLY, open } from "../lib/libc/file.ts";
import { setgid, setgroups, setuid } from "../lib/libc/identity.ts";
import { readOrders } from "../lib/overlay/catch_all.ts";
import { findUser } from "../lib/servicedir/accounts.ts";
import { SPECIAL_LOGGER } from "../lib/scandir/service.ts";
import type { Context } from "./context.ts";
import { EXIT_SYSTEM, Failure } from "./context.ts";
import { selfCommand } from "./self.ts";

export const table: CommandTable = {
  summary: "Is the catch-all logger of /init, in whose service directory a link of this name stands. Not for people.",
  usage: SPECIAL_LOGGER,
  options: [],
  exits: [["100", "wrong usage"], ["111", "a system call failed"], ["126, 127", "s6-log could not be executed"]],
  example: "",
};

export function main(context: Context): number {
  if (context.argv[0] !== SPECIAL_LOGGER) throw new UsageError(`only the service ${SPECIAL_LOGGER} is run like this`);
  const { directives, user } = readOrders();
  checked("redirect standard output", dup2(2, 1));
  checked("redirect standard input", dup2(open("fifo", O_RDONLY), 0));
  if (user !== undefined) become(user);
  const { path, argv } = selfCommand("s6-log", ["-bpd3", "--", ...directives]);
  const errno = -execInto(argv, { path, env: [] });
  throw new Failure(execFailureCode(errno), `unable to exec ${path}: ${strerror(errno)}`);
}

function become(user: string): void {
  const account = findUser(user);
  if (account === undefined) throw new Failure(EXIT_SYSTEM, `unable to find user ${user} in /etc/passwd`);
  setgroups([account.gid]);
  setgid(account.gid);
  setuid(account.uid);
}
