/**
 * s6-setsid: a new session or process group. Source: s6, doc/s6-setsid.html,
 * daemontools-extras/s6-setsid.c.
 */
import { parseUint } from "../core/linux/config_file.ts";
import { type ParsedOption, UsageError } from "../core/cli/getopt.ts";
import { needWords } from "../execline/arguments.ts";
import { goOn, type Link, type LinkResult } from "../execline/link.ts";
import { openOrThrow } from "../execline/state.ts";
import { SyscallError } from "../libc/bind.ts";
import { O_RDONLY } from "../core/linux/open_flags.ts";
import { getpid, leadNewGroup, setForegroundGroup, setsid as newSession } from "../libc/process.ts";

interface Request {
  readonly group: boolean;
  readonly foreground: boolean;
  readonly grab: boolean;
  readonly strict: boolean;
  readonly quiet: boolean;
  readonly ttyFd: number | undefined;
}

const DEFAULTS: Request = {
  group: false,
  foreground: false,
  grab: false,
  strict: false,
  quiet: false,
  ttyFd: undefined,
};

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

/** s6-setsid [ -s | -b | -f | -g ] [ -i | -I | -q ] [ -d ctty ] prog... */
export const setsid: Link = {
  nature: "process",
  run({ state, options, words, warn }): LinkResult {
    const request = options.reduce(withOption, DEFAULTS);
    needWords(words, 1, "a program is");
    const attempt = (action: string, result: number): void => {
      if (result >= 0) return;
      const failure = new SyscallError(action, -result);
      if (request.strict) throw failure;
      if (!request.quiet) warn(failure.message);
    };
    if (!request.group) {
      attempt("setsid", newSession());
      return goOn(words);
    }
    const ttyFd = request.foreground
      ? request.ttyFd === undefined
        ? openOrThrow(state, "/dev/tty", O_RDONLY)
        : state.fd(request.ttyFd)
      : undefined;
    attempt("setpgid", leadNewGroup());
    if (ttyFd !== undefined) {
      attempt("tcsetpgrp", setForegroundGroup(ttyFd, getpid(), { grab: request.grab }));
    }
    return goOn(words);
  },
};

function withOption(request: Request, { name, value }: ParsedOption): Request {
  if (name !== "d") return { ...request, ...CHANGES[name] };
  const ttyFd = parseUint(value);
  if (ttyFd === undefined) throw new UsageError(`invalid descriptor: ${value}`);
  return { ...request, ttyFd: ttyFd | 0 };
}
