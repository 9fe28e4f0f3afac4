/**
 * s6-maximumtime [ -0abikqtx12 ] milliseconds prog... Source: s6-portable-utils,
 * doc/s6-maximumtime.html, s6-maximumtime.c.
 */
import { EXIT_SYSTEM, EXIT_TIMED_OUT } from "../core/cli/exit_codes.ts";
import {
  SIGABRT,
  SIGALRM,
  SIGINT,
  SIGKILL,
  signalName,
  SIGQUIT,
  SIGTERM,
  SIGUSR1,
  SIGUSR2,
  SIGXCPU,
} from "../core/linux/signals.ts";
import { wexitstatus, wifsignaled, wtermsig } from "../core/linux/wstat.ts";
import { needWords, parseNumber } from "../execline/arguments.ts";
import type { Link, LinkResult } from "../execline/link.ts";
import { LinkFailure } from "../execline/link_failure.ts";
import { startTimer } from "../fifodir/timer.ts";
import { checked } from "../libc/bind.ts";
import { kill } from "../libc/process.ts";
import { ChildWatch } from "../processes/child_watch.ts";

/** kill(2): only looks whether there is such a process. */
export const NO_SIGNAL = 0;

/** What is sent when the time is up, by option. */
export const TIME_LIMIT_SIGNALS: Readonly<Record<string, number>> = {
  "0": NO_SIGNAL,
  a: SIGALRM,
  b: SIGABRT,
  i: SIGINT,
  k: SIGKILL,
  q: SIGQUIT,
  t: SIGTERM,
  x: SIGXCPU,
  "1": SIGUSR1,
  "2": SIGUSR2,
};

export const maximumtime: Link = {
  nature: "waits",
  async run(call): Promise<LinkResult> {
    const { options, words } = call;
    needWords(words, 2, "a time and a program are");
    const timeoutMs = parseNumber("time", words.first);
    const prog = words.slice(1);
    const pid = checked(`spawn ${prog.first}`, await call.start(prog));
    const wstat = await deathWithin(pid, timeoutMs === 0 ? Infinity : timeoutMs);
    if (wstat === undefined) {
      kill(pid, TIME_LIMIT_SIGNALS[options.at(-1)?.name ?? "t"]!);
      throw new LinkFailure(
        EXIT_TIMED_OUT,
        `${prog.first} has not ended after ${timeoutMs} milliseconds`,
      );
    }
    if (wifsignaled(wstat)) {
      throw new LinkFailure(
        EXIT_SYSTEM,
        `${prog.first} was killed by ${signalName(wtermsig(wstat))}`,
      );
    }
    return wexitstatus(wstat);
  },
};

/** The wait status of the child, or undefined if it still lives after that time. */
async function deathWithin(pid: number, timeoutMs: number): Promise<number | undefined> {
  using watch = new ChildWatch(pid);
  const { promise, resolve } = Promise.withResolvers<undefined>();
  using _timer = startTimer(timeoutMs, () => resolve(undefined));
  return await Promise.race([watch.death, promise]);
}
