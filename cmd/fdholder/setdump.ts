/**
 * s6-fdholder-setdump: gives descriptors with names to a holder. Source: s6,
 * doc/s6-fdholder-setdump.html, fdholder/s6-fdholder-setdump.c.
 */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { parseUint } from "../../lib/core/linux/config_file.ts";
import { EBADF, strerror } from "../../lib/core/linux/errno.ts";
import { parseTai64n } from "../../lib/core/time/tain.ts";
import { HolderClient } from "../../lib/fdholder/client.ts";
import { type Held, isName } from "../../lib/fdholder/core/protocol.ts";
import { limitAfter, NEVER_MS } from "../../lib/fdholder/core/store.ts";
import { timeoutOf } from "../../lib/fdholder/links.ts";
import { wallclock } from "../../lib/libc/clock.ts";
import { isInherited } from "../../lib/libc/replace_descriptors.ts";
import { type Context, Failure } from "../context.ts";
import { CLIENT_EXITS, TIMEOUT_OPTION } from "./timeout_option.ts";

const EXIT_REFUSED = 1;

export const table = {
  summary:
    "Gives the descriptors that S6_FD# and its like tell of, as s6-fdholder-getdump sets them, to an fd-holder.",
  usage: "[ -t timeout ] path",
  options: [TIMEOUT_OPTION],
  exits: CLIENT_EXITS,
  example: "s6-fdholder-getdump /run/fdholder/s s6-fdholder-setdump /run/other/s",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const given = readCommandLine(context.argv, table);
  const [path] = given.operands;
  const timeoutMs = timeoutOf(given);
  if (path === undefined) throw new UsageError("a path is needed");
  const { env } = context;
  const count = parseUint(needed(env, "S6_FD#"));
  if (count === undefined) throw invalid("S6_FD#");
  using holder = new HolderClient(path, timeoutMs);
  const entries: Held[] = [];
  for (let i = 0; i < count; i++) entries.push(entryOf(env, i));
  if (!entries.every(({ fd }) => isInherited(fd))) {
    throw new Failure(EXIT_REFUSED, `unable to set dump: ${strerror(EBADF)}`);
  }
  holder.setDump(entries);
  return 0;
}

function entryOf(env: Context["env"], i: number): Held {
  const fd = parseUint(needed(env, `S6_FD_${i}`));
  if (fd === undefined) throw invalid(`S6_FD_${i}`);
  const name = needed(env, `S6_FDID_${i}`);
  if (!isName(name)) throw invalid(`S6_FDID_${i}`);
  const text = env.get(`S6_FDLIMIT_${i}`);
  const limit = text === undefined ? limitAfter(wallclock(), NEVER_MS) : parseTai64n(text);
  if (limit === undefined) throw invalid(`S6_FDLIMIT_${i}`);
  return { fd: fd | 0, name, limit };
}

function needed(env: Context["env"], name: string): string {
  const value = env.get(name);
  if (value === undefined) throw new Failure(EXIT_USAGE, `${name} not set`);
  return value;
}

function invalid(name: string): Failure {
  return new Failure(EXIT_USAGE, `invalid ${name}`);
}
