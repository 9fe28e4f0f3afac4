/** s6-setsid: executes a program in a new session or process group. Source: s6, doc/s6-setsid.html, daemontools-extras/s6-setsid.c. */
import { parseUint } from "../lib/core/config_file.ts";
import type { CommandTable, ParsedOption } from "../lib/core/getopt.ts";
import { parseCommandLine, UsageError } from "../lib/core/getopt.ts";
import { SyscallError } from "../lib/libc/bind.ts";
import { O_RDONLY, open } from "../lib/libc/file.ts";
import { getpid, setsid } from "../lib/libc/process.ts";
import { leadNewGroup, setForegroundGroup } from "../lib/libc/session.ts";
import { chainLoad } from "./chain_load.ts";
import type { Context } from "./context.ts";

export const table: CommandTable = {
  summary: "Executes a program as the leader of a new session, or of a new process group in the background or foreground of the terminal.",
  usage: "[ -s | -b | -f | -g ] [ -i | -I | -q ] [ -d ctty ] prog...",
  options: [
    { short: "s", long: "session", text: "new session (the default)" },
    { short: "b", long: "background-process-group", text: "new process group, in the background" },
    {
      short: "f",
      long: "foreground-process-group",
      text: "new process group in the foreground; it is stopped until the terminal is given to it",
    },
    { short: "g", long: "foreground-process-group-grab", text: "new process group in the foreground, taking the terminal at once" },
    { long: "process-group", text: "new process group" },
    { long: "foreground", text: "with a new process group: in the foreground" },
    { long: "grab", text: "with --foreground: take the terminal at once" },
    { short: "i", long: "strict", text: "if one of these can't be done, exit 111" },
    { short: "I", long: "no-strict", text: "if one can't be done, warn and go on (the default)" },
    { short: "q", long: "quiet", text: "don't warn" },
    { short: "d", long: "ctty", arg: "FD", text: "the terminal is open as descriptor FD; without it, /dev/tty is opened" },
  ],
  exits: [
    ["100", "wrong usage"],
    ["111", "system call failed"],
    ["126", "the program can't be executed"],
    ["127", "the program was not found"],
  ],
  example: "s6-setsid ./daemon",
};

interface Request {
  readonly group: boolean;
  readonly foreground: boolean;
  readonly grab: boolean;
  readonly strict: boolean;
  readonly quiet: boolean;
  readonly ttyFd: number | undefined;
}

const DEFAULTS: Request = { group: false, foreground: false, grab: false, strict: false, quiet: false, ttyFd: undefined };

/** What each option changes. */
const CHANGES: Readonly<Record<string, Partial<Request>>> = {
  s: { group: false, foreground: false, grab: false },
  b: { group: true, foreground: false, grab: false },
  f: { group: true, foreground: true, grab: false },
  g: { group: true, foreground: true, grab: true },
  "process-group": { group: true },
  foreground: { foreground: true },
  grab: { grab: true },
  i: { strict: true },
  I: { strict: false },
  q: { quiet: true },
};

export function main(context: Context): number {
  const { options, operands } = parseCommandLine(context.argv, table.options);
  const request = options.reduce(withOption, DEFAULTS);
  if (operands.length === 0) throw new UsageError("no program given");
  const attempt = (action: string, result: number): void => {
    if (result >= 0) return;
    const failure = new SyscallError(action, -result);
    if (request.strict) throw failure;
    if (!request.quiet) context.warn(failure.message);
  };
  if (!request.group) {
    attempt("setsid", setsid());
    return chainLoad(operands);
  }
  const ttyFd = request.foreground ? request.ttyFd ?? open("/dev/tty", O_RDONLY) : undefined;
  attempt("setpgid", leadNewGroup());
  if (ttyFd !== undefined) attempt("tcsetpgrp", setForegroundGroup(ttyFd, getpid(), { grab: request.grab }));
  return chainLoad(operands);
}

function withOption(request: Request, { name, value }: ParsedOption): Request {
  if (name !== "d") return { ...request, ...CHANGES[name] };
  const ttyFd = parseUint(value);
  if (ttyFd === undefined) throw new UsageError(`invalid descriptor: ${value}`);
  return { ...request, ttyFd: ttyFd | 0 };
}
