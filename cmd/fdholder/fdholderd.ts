/**
 * s6-fdholderd: holds descriptors, behind a socket that listens already. Source: s6,
 * doc/s6-fdholderd.html, fdholder/s6-fdholderd.c.
 */
import { openRules } from "../../lib/accessrules/rules.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { parseUint } from "../../lib/core/linux/config_file.ts";
import { millisecondsOf } from "../../lib/execline/arguments.ts";
import { Holder } from "../../lib/fdholder/server.ts";
import { setCloexec, setNonblocking } from "../../lib/libc/fd.ts";
import { nofileLimit, raiseNofileLimit } from "../../lib/libc/resource_limit.ts";
import { checkServerDescriptors, tellReady } from "../../lib/superserver/readiness.ts";
import type { Context } from "../context.ts";
import { HOLDER_EXITS, HOLDER_OPTIONS } from "./holder_options.ts";

const STDIN = 0;
const DEFAULT_CLIENTS = 16;
const MOST_CLIENTS = 256;
const DEFAULT_FDS = 1000;
/** The runtime's, ours, and those that a client has sent and that are not held yet. */
const OTHER_FDS = 300;

export const table = {
  summary: "Holds descriptors for those who connect to the Unix socket that is its standard input.",
  usage:
    "[ -1 ] [ -v verbosity ] [ -c maxconn ] [ -n maxfds ] [ -t clienttimeout ] [ -T lameducktimeout ] [ -i rulesdir | -x rulesfile ]",
  options: HOLDER_OPTIONS,
  exits: HOLDER_EXITS,
  example: "s6-ipcserver-socketbinder /run/fdholder/s s6-fdholderd -i rules",
} as const satisfies CommandTable;

export async function main(context: Context): Promise<number> {
  const { flag, value, options } = readCommandLine(context.argv, table);
  const number = (letter: "v" | "c" | "n", otherwise: number): number => {
    const text = value(letter);
    const parsed = text === undefined ? otherwise : parseUint(text);
    if (parsed === undefined) throw new UsageError(`option -${letter} takes a number, not ${text}`);
    return parsed;
  };
  const isQuiet = number("v", 1) === 0;
  const mostClients = Math.min(Math.max(number("c", DEFAULT_CLIENTS), 1), MOST_CLIENTS);
  const wantedFds = Math.max(number("n", DEFAULT_FDS), 1);
  const clientMs = millisecondsOf("timeout", value("t"));
  const lameDuckMs = millisecondsOf("timeout", value("T"));
  const rules = options.findLast(({ name }) => name === "i" || name === "x");
  if (rules === undefined) throw new UsageError("no access rights specified");
  checkServerDescriptors(flag("1"));
  setCloexec(STDIN, true);
  setNonblocking(STDIN, true);
  raiseNofileLimit();
  using holder = new Holder({
    listenerFd: STDIN,
    mostFds: Math.max(Math.min(wantedFds, nofileLimit() - mostClients - OTHER_FDS), 1),
    mostClients,
    clientMs,
    lameDuckMs,
    openRules: () =>
      openRules({ kind: rules.name === "i" ? "directory" : "file", path: rules.value }),
    warn: isQuiet ? () => {} : context.warn,
  });
  return await holder.run(() => tellReady(flag("1")));
}
