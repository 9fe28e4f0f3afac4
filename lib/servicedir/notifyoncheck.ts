/**
 * s6-notifyoncheck: readiness notification for a daemon that must be polled for it. Source: s6,
 * doc/s6-notifyoncheck.html, supervision/s6-notifyoncheck.c.
 *
 * The chain goes on to the daemon, in its process. Beside it a process of our own polls; it is
 * started when the service's events are already listened to, and inherits that listener and the
 * notification descriptor.
 */
import { EVENT_DIRECTORY } from "./core/supervise_files.ts";
import { EXIT_SYSTEM, EXIT_USAGE } from "../core/cli/exit_codes.ts";
import { parseUint } from "../core/linux/config_file.ts";
import { EACCES, EBADF, strerror } from "../core/linux/errno.ts";
import { READINESS_POLLER } from "../core/cli/internal_commands.ts";
import { Words } from "../execline/core/words.ts";
import { needWords } from "../execline/arguments.ts";
import { startedPid } from "../execline/child_status.ts";
import { type Call, goOn, type Link, type LinkResult } from "../execline/link.ts";
import { LinkFailure } from "../execline/link_failure.ts";
import type { State } from "../execline/state.ts";
import { subscribe, Subscription } from "../fifodir/subscribe.ts";
import { tryStartHere } from "../launch/start_program.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { dupAbove } from "../libc/fd.ts";
import { unlink } from "../libc/file.ts";
import { isWritingEnd } from "../libc/replace_descriptors.ts";
import { isSupervised } from "./client.ts";
import { readNotificationFd } from "./notification_fd.ts";
import { type PollOutcome, pollReadiness } from "./readiness_poll.ts";

const CHECK = new Words(["./data/check"]);
const FIRST_FREE_FD = 3;
/** The poller's exit codes; nobody asks for them. */
const EXIT_CODES: Readonly<Record<PollOutcome, number>> = {
  "ready": 0,
  "gave up": 1,
  "stopped": 2,
  "timed out": 3,
};
const NOBODY = "-";

/** The numeric options, in the order of the poller's arguments. */
const NUMBERS = [
  { name: "s", long: "initial-sleep", fallback: 10 },
  { name: "T", long: "global-timeout", fallback: 0 },
  { name: "t", long: "local-timeout", fallback: 0 },
  { name: "w", long: "waiting-time", fallback: 1000 },
  { name: "n", long: "tries", fallback: 7 },
] as const;

/**
 * s6-notifyoncheck [ -d ] [ -3 fd ] [ -s ms ] [ -T ms ] [ -t ms ] [ -w ms ] [ -n tries ] [ -c line
 * ] prog...
 */
export const notifyoncheck: Link = {
  nature: "process",
  async run(call): Promise<LinkResult> {
    const { state, value, words } = call;
    needWords(words, 1, "a program is");
    const number = notificationNumber(call);
    const numbers = NUMBERS.map((wanted) => String(numberOption(call, wanted)));
    checkSupervisor(state, number);
    const line = value("c");
    await startPoller(call, number, [...numbers, ...(line === undefined ? [] : [line])]);
    state.fds.close(number);
    return goOn(words);
  },
};

/**
 * The chain's descriptor on which readiness is told. @throws {LinkFailure} If it is none, or
 * closed.
 */
function notificationNumber({ state, value }: Call): number {
  const given = value("3");
  const number = given === undefined ? readNotificationFd() : parseUint(given);
  if (number === undefined) {
    throw new LinkFailure(
      EXIT_USAGE,
      given === undefined
        ? "invalid ./notification-fd"
        : "notification-fd must be an unsigned integer",
    );
  }
  if (state.fd(number | 0) === -1) {
    throw new LinkFailure(EXIT_SYSTEM, `notification-fd sanity check failed: ${strerror(EBADF)}`);
  }
  return number | 0;
}

function numberOption(
  call: Call,
  { name, long, fallback }: (typeof NUMBERS)[number],
): number {
  const given = call.value(name);
  if (given === undefined) return fallback;
  const value = parseUint(given);
  if (value === undefined) throw new LinkFailure(EXIT_USAGE, `${long} must be an unsigned integer`);
  return value;
}

/**
 * Without the right to look into supervise/ (privileges may have been dropped before) a
 * notification pipe is proof enough of a supervisor.
 */
function checkSupervisor(state: State, number: number): void {
  try {
    if (!isSupervised(".")) throw new LinkFailure(EXIT_USAGE, "s6-supervise not running.");
  } catch (error) {
    if (!deniedButPiped(error, state.fd(number))) throw error;
  }
}

/**
 * A listener in event/; undefined where this user may not listen, and then the end of the
 * notification pipe tells that the daemon is gone.
 */
function subscribeIfAllowed(fd: number): Subscription | undefined {
  try {
    return subscribe(EVENT_DIRECTORY);
  } catch (error) {
    if (deniedButPiped(error, fd)) return undefined;
    throw error;
  }
}

function deniedButPiped(error: unknown, fd: number): boolean {
  return error instanceof SyscallError && error.errno === EACCES && isWritingEnd(fd);
}

/** The listener is the poller's from then on. */
async function startPoller(call: Call, number: number, plan: readonly string[]): Promise<void> {
  const events = subscribeIfAllowed(call.state.fd(number));
  const eventsNumber = call.state.fds.lowestFree(FIRST_FREE_FD);
  const place = events === undefined ? [NOBODY, NOBODY] : [String(eventsNumber), events.path];
  const poller = new Words([READINESS_POLLER, String(number), ...place, ...plan]);
  const prepare = ({ fds }: State): void => {
    if (events !== undefined) checked("hand over the listener", fds.put(eventsNumber, events.fd));
  };
  const start = call.flag("d") ? call.startOrphan : call.start;
  try {
    startedPid(await start(poller, prepare), "the process that checks");
  } catch (error) {
    if (events !== undefined) unlink(events.path);
    throw error;
  }
}

/** The process that polls. */
export const readinessPoller: Link = {
  nature: "process",
  allOperands: true,
  async run(call): Promise<LinkResult> {
    const { state, words } = call;
    const [number, eventsNumber, path, s, T, t, w, n, line] = words.texts;
    // neither is for the checks: one that is left behind would keep the pipe open
    const notificationFd = takeAway(state, Number(number));
    const events = eventsNumber === NOBODY
      ? undefined
      : new Subscription(takeAway(state, Number(eventsNumber)), path!);
    const check = line === undefined ? CHECK : new Words(["execlineb", "-Pc", line]);
    const outcome = await pollReadiness({
      notificationFd,
      events,
      program: check.first!,
      start: () => (line === undefined ? startCheckHere(state) : undefined) ?? call.start(check),
      initialSleepMs: Number(s),
      globalTimeoutMs: Number(T),
      tryTimeoutMs: Number(t),
      waitMs: Number(w),
      tries: Number(n),
      warn: (text) => call.say(`s6-notifyoncheck (child): warning: ${text}`),
    });
    return EXIT_CODES[outcome];
  },
};

/** Its pid, if the check is a script that costs no process of ours. */
function startCheckHere(state: State): Promise<number> | undefined {
  if (state.limits.size > 0) return undefined;
  const { copies, closed } = state.fds.rearrangement();
  const pid = tryStartHere({
    path: CHECK.first!,
    argv: CHECK.texts,
    env: state.env.strings,
    fds: copies,
    close: closed,
    keepSignals: true,
  });
  return pid === undefined ? undefined : Promise.resolve(pid);
}

/** A descriptor of ours for what the chain has as `number` and its programs won't have any more. */
function takeAway(state: State, number: number): number {
  const fd = checked(`copy descriptor ${number}`, dupAbove(state.fd(number), FIRST_FREE_FD));
  state.fds.close(number);
  return fd;
}
