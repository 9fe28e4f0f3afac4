/**
 * s6-background-watch: staying in the foreground for a daemon that puts itself into the background.
 * Its starter is a child of ours, the daemon becomes one when the starter ends, since we are the
 * reaper of orphans. Which process it is stands in its pidfile. Source: s6,
 * doc/s6-background-watch.html, supervision/s6-background-watch.c.
 */
import { EXIT_CANNOT_EXEC, EXIT_NOT_FOUND, EXIT_USAGE } from "../core/cli/exit_codes.ts";
import { firstLine, parseUint } from "../core/linux/config_file.ts";
import { EBADF, EINVAL, ENOENT, ESRCH, strerror } from "../core/linux/errno.ts";
import { SIGKILL, SIGNALS } from "../core/linux/signals.ts";
import type { Words } from "../execline/core/words.ts";
import { wexitstatus, wifexited, wtermsig } from "../core/linux/wstat.ts";
import { needWords, parseNumber } from "../execline/arguments.ts";
import { canListen, ChildEvents } from "../execline/child_events.ts";
import { exitStatus } from "../execline/child_status.ts";
import type { Call, Link, LinkResult } from "../execline/link.ts";
import { LinkFailure } from "../execline/link_failure.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { dupAbove } from "../libc/fd.ts";
import { close, unlink, write } from "../libc/file.ts";
import { getpid, kill, setChildSubreaper } from "../libc/process.ts";
import { readSmallFile } from "../libc/small_file.ts";

const NULL_SIGNAL = 0;
const PIDFILE_SIZE = 128;
const FIRST_NOTIFICATION_FD = 3;
const EXIT_NO_PID = 104;
const NEWLINE = Uint8Array.of(10);

/** What happens to our children, and the signals that come, which are handed on. */
class Watch implements Disposable {
  readonly #events = new ChildEvents(Object.values(SIGNALS).filter(canListen));
  /** The dead, by pid, until somebody asks. */
  readonly #known = new Map<number, number>();
  /** Signals that nobody was there for. */
  readonly #pending: number[] = [];
  #target: number | undefined;

  /**
   * To whom signals go from now on, those that have waited for him included. Undefined: nobody,
   * they wait.
   */
  set target(pid: number | undefined) {
    this.#target = pid;
    if (pid !== undefined) { for (const signal of this.#pending.splice(0)) kill(pid, signal); }
  }

  /** The wait status of `pid`, when it has died; undefined if the time is up before. */
  async deathOf(pid: number, timeoutMs = Infinity): Promise<number | undefined> {
    const deadlineMs = performance.now() + timeoutMs;
    while (!this.#known.has(pid)) {
      const happening = await this.#events.next(Math.max(deadlineMs - performance.now(), 0));
      if (happening.kind === "timeout") return undefined;
      if (happening.kind === "death") this.#known.set(happening.death.pid, happening.death.wstat);
      else if (this.#target === undefined) this.#pending.push(happening.signal);
      else kill(this.#target, happening.signal);
    }
    return this.#known.get(pid);
  }

  /** Is `pid` known to be dead by now? */
  async isDead(pid: number): Promise<boolean> {
    return await this.deathOf(pid, 0) !== undefined;
  }

  [Symbol.dispose](): void {
    this.#events[Symbol.dispose]();
  }
}

function parentOf(pid: number): number | undefined {
  const stat = readSmallFile(`/proc/${pid}/stat`, 4096);
  if (stat === undefined) return undefined;
  const text = new TextDecoder().decode(stat);
  return parseUint(text.slice(text.lastIndexOf(")") + 2).split(" ")[1] ?? "");
}

function pidIn(pidfile: string, program: string): number {
  const content = readSmallFile(pidfile, PIDFILE_SIZE);
  if (content === undefined) {
    throw new LinkFailure(
      EXIT_NO_PID,
      `unable to find the daemon: ${program} (parent) exited but pidfile ${pidfile} does not exist`,
    );
  }
  const pid = parseUint(firstLine(content).trim());
  if (pid === undefined || pid === 0) {
    throw new LinkFailure(EXIT_NO_PID, `pidfile ${pidfile} does not contain a valid pid`);
  }
  return pid;
}

/**
 * We hear only of the deaths of our children. @throws {SyscallError} If the daemon is none, or gone
 * and nobody knows of what.
 */
async function checkDaemon(pid: number, watch: Watch): Promise<void> {
  if (await watch.isDead(pid)) return;
  if (kill(pid, NULL_SIGNAL) === -ESRCH) {
    throw new SyscallError("check daemon with a null signal", ESRCH);
  }
  if (parentOf(pid) !== getpid()) {
    throw new SyscallError(
      `watch process ${pid}`,
      EINVAL,
      "it is not a process that the program has started",
    );
  }
}

/**
 * Takes the chain's descriptor away from the program, for ourselves. Undefined if there is no such
 * option.
 */
function takeNotificationFd({ state, value }: Call): number | undefined {
  const text = value("d");
  if (text === undefined) return undefined;
  const number = parseNumber("notification-fd", text);
  if (number < FIRST_NOTIFICATION_FD) {
    throw new LinkFailure(EXIT_USAGE, "notification-fd cannot be 0, 1 or 2");
  }
  const real = state.fds.real(number | 0);
  if (real === undefined) throw new SyscallError("check notification-fd", EBADF);
  const fd = checked("copy notification-fd", dupAbove(real, FIRST_NOTIFICATION_FD));
  state.fds.close(number);
  return fd;
}

async function startStarter(call: Call, argv: Words): Promise<number> {
  const pid = await call.start(argv);
  if (pid >= 0) return pid;
  throw new LinkFailure(
    pid === -ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXEC,
    `unable to spawn ${argv.first}: ${strerror(-pid)}`,
  );
}

/** Until the starter has ended. @throws {LinkFailure} If it does not end well. */
async function awaitStarter(
  call: Call,
  { starter, watch }: { readonly starter: number; readonly watch: Watch },
): Promise<void> {
  const [pidfile, program] = call.words.texts;
  const timeout = call.value("t");
  let wstat = await watch.deathOf(
    starter,
    timeout === undefined ? Infinity : parseNumber("timeout", timeout),
  );
  if (wstat === undefined) {
    call.warn(`${program} (parent) did not exit before timeout-ready, killing it`);
    kill(starter, SIGKILL);
    wstat = (await watch.deathOf(starter))!;
  }
  if (wifexited(wstat) && wexitstatus(wstat) === 0) return;
  unlink(pidfile!);
  const how = wifexited(wstat)
    ? `exited ${wexitstatus(wstat)}`
    : `crashed with signal ${wtermsig(wstat)}`;
  throw new LinkFailure(exitStatus(wstat), `${program} (parent) ${how}`);
}

/**
 * s6-background-watch [ -t timeout ] [ -d notif ] pidfile prog...
 *
 * Ends as the daemon does: with its exit code, or 128 and the signal's number.
 */
export const backgroundWatch: Link = {
  nature: "process",
  async run(call): Promise<LinkResult> {
    needWords(call.words, 2, "a pidfile and a program are");
    for (const { name, value } of call.options) {
      parseNumber(name === "t" ? "timeout" : "notification-fd", value);
    }
    const notificationFd = takeNotificationFd(call);
    using watch = new Watch();
    setChildSubreaper();
    const starter = await startStarter(call, call.words.slice(1));
    watch.target = starter;
    await awaitStarter(call, { starter, watch });
    watch.target = undefined;
    const daemon = pidIn(call.words.first!, call.words.texts[1]!);
    await checkDaemon(daemon, watch);
    watch.target = daemon;
    if (notificationFd !== undefined) {
      write(notificationFd, NEWLINE);
      close(notificationFd);
    }
    return exitStatus((await watch.deathOf(daemon))!);
  },
};
