/**
 * Finding out whether a service is ready by running a check again and again, for daemons that can't
 * tell it themselves: what the process beside the daemon does that s6-notifyoncheck starts. It ends
 * with the service: on the event `d`, or when the supervisor drops the notification pipe.
 *
 * A check that outlives its timeout gets SIGTERM, and SIGKILL if it is still there when the next
 * try begins or the last was in vain. Source: s6, doc/s6-notifyoncheck.html (in C the timeout
 * abandons the check and lets it run).
 */
import { strerror } from "../core/linux/errno.ts";
import { SIGKILL, SIGTERM } from "../core/linux/signals.ts";
import { beforeFatalSignal } from "../fifodir/fatal_signals.ts";
import type { Subscription } from "../fifodir/subscribe.ts";
import { monotonicMs } from "../libc/clock.ts";
import { Poller } from "../libc/epoll.ts";
import { kill } from "../libc/process.ts";
import { ChildWatch } from "../processes/child_watch.ts";
import { firstOf, TIME_UP } from "./first_of.ts";
import { notifyReadiness, watchSupervisorEnd } from "./notification_fd.ts";

const DOWN = "d".charCodeAt(0);

export interface ReadinessPoll {
  readonly notificationFd: number;
  /** A listener in the service's fifodir, if this user may have one. Disposed of at the end. */
  readonly events: Subscription | undefined;
  /** What the check is called. */
  readonly program: string;
  /** Starts the check. Returns its pid, or `-errno`. */
  start(): Promise<number>;
  readonly initialSleepMs: number;
  /** Between two tries. */
  readonly waitMs: number;
  /** For one try; 0 for no limit. */
  readonly tryTimeoutMs: number;
  /** For everything; 0 for no limit. */
  readonly globalTimeoutMs: number;
  /** 0 for no limit. */
  readonly tries: number;
  /** Told what can't be done. */
  warn(text: string): void;
}

/** How the polling ended: readiness told, all tries in vain, the service gone, the time up. */
export type PollOutcome = "ready" | "gave up" | "stopped" | "timed out";

type Happening = { readonly kind: "stopped" } | { readonly kind: "dead"; readonly wstat: number };

/**
 * Polls until the service is ready, gone, or given up. @throws {SyscallError} If waiting itself
 * fails.
 */
export async function pollReadiness(plan: ReadinessPoll): Promise<PollOutcome> {
  using stack = new DisposableStack();
  if (plan.events !== undefined) stack.use(plan.events);
  stack.use(beforeFatalSignal(() => plan.events?.[Symbol.dispose]()));
  const poller = stack.use(new Poller());
  const stopped = watchForEnd(poller, plan);
  const running = poller.run();
  try {
    return await tryUntil(stopped, plan);
  } finally {
    poller.stop();
    await running;
  }
}

async function tryUntil(stopped: Promise<Happening>, plan: ReadinessPoll): Promise<PollOutcome> {
  using stack = new DisposableStack();
  const deadlineMs = plan.globalTimeoutMs === 0 ? Infinity : monotonicMs() + plan.globalTimeoutMs;
  const timeLeftMs = () => deadlineMs - monotonicMs();
  let late: Check | undefined;
  stack.defer(() => late?.end(SIGKILL));

  for (let tried = 0; plan.tries === 0 || tried < plan.tries; tried++) {
    const pauseMs = tried === 0 ? plan.initialSleepMs : plan.waitMs;
    if (await firstOf([stopped], Math.min(pauseMs, timeLeftMs())) !== TIME_UP) return "stopped";
    if (timeLeftMs() <= 0) return "timed out";
    late?.end(SIGKILL);
    late = undefined;

    const check = await startCheck(plan);
    if (check === undefined) continue;
    const tryMs = plan.tryTimeoutMs === 0 ? Infinity : plan.tryTimeoutMs;
    const happened = await firstOf([stopped, check.death], Math.min(tryMs, timeLeftMs()));
    if (happened !== TIME_UP && happened.kind === "dead") {
      if (happened.wstat !== 0) continue;
      notifyReadiness(plan.notificationFd);
      return "ready";
    }
    check.end(SIGTERM);
    if (happened !== TIME_UP) return "stopped";
    if (timeLeftMs() <= 0) return "timed out";
    late = check;
  }
  return "gave up";
}

function watchForEnd(
  poller: Poller,
  { events, notificationFd }: ReadinessPoll,
): Promise<Happening> {
  const { promise, resolve } = Promise.withResolvers<Happening>();
  const stop = (): void => resolve({ kind: "stopped" });
  watchSupervisorEnd(poller, notificationFd, stop);
  if (events !== undefined) {
    poller.watch(events.fd, () => {
      if (events.readEvents().includes(DOWN)) stop();
    });
  }
  return promise;
}

interface Check {
  readonly death: Promise<Happening>;
  /** Sends a signal, unless it is dead already. */
  end(signal: number): void;
}

async function startCheck(plan: ReadinessPoll): Promise<Check | undefined> {
  const pid = await plan.start();
  if (pid < 0) {
    plan.warn(`unable to spawn ${plan.program}: ${strerror(-pid)}`);
    return undefined;
  }
  const watch = new ChildWatch(pid);
  return {
    death: watch.death.then((wstat) => ({ kind: "dead", wstat })),
    end: (signal) => {
      if (!watch.isDead()) kill(pid, signal);
    },
  };
}
