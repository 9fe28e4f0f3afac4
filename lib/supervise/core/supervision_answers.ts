/**
 * The decisions of the machine in lib/supervise/core/supervision.ts after an answer to one of its
 * questions. Pure.
 */
import type { Over } from "../../servicedir/core/death_reasons.ts";
import type {
  DeathFacts,
  Decision,
  Effect,
  Machine,
  Moment,
  PlainDecision,
  Question,
} from "./machine.ts";
import { ANNOUNCE, ask, decide, END, FINISH, NEVER, withStatus } from "./machine.ts";
import type { RestartRules } from "./restart_policy.ts";
import { endedWell, judge, RESTART_INTERVAL_MS } from "./restart_policy.ts";
import { SIGCONT, SIGTERM } from "../../core/linux/signals.ts";
import { exitStatusOf } from "../../core/linux/wstat.ts";

/**
 * Sends the down-signal now. Whether the service is wanted up or down does not change.
 *
 * @param due The time until SIGKILL
 */
export function bringDown(
  m: Machine,
  due: "timeout-kill" | "leftovers" = "timeout-kill",
): PlainDecision {
  return decide(
    { ...withStatus(m, { flagpaused: false }), dying: true },
    { kind: "kill", group: false, signal: "down-signal" },
    { kind: "kill", group: false, signal: SIGCONT },
    ANNOUNCE,
    { kind: "timer", due },
  );
}

/** Sends the down-signal now, and allows no other life after this one. */
export function stopNow(m: Machine): PlainDecision {
  return bringDown(withStatus(m, { flagwantup: false }));
}

/** Nothing of the service is running any more. `over` has already been decided. */
export function goDown(
  m: Machine,
  now: Moment,
  events: "D" | "dD",
  permanent: boolean,
): PlainDecision {
  const status = { pid: 0, flagfinishing: false, flagready: true, readystamp: now.wallclock };
  const isOver = m.over !== undefined && !m.last;
  return decide(
    { ...withStatus(m, status), state: "DOWN", dying: false },
    {
      kind: "timer",
      due: m.status.flagwantup ? Math.max(m.nextStartMs, now.monotonicMs) : "never",
    },
    ANNOUNCE,
    {
      kind: "notify",
      events: permanent || m.over !== undefined ? events.replace("D", "OD") : events,
    },
    ...(isOver ? [{ kind: "over", exitCode: exitStatusOf(m.status.wstat) } as const] : []),
  );
}

/** ./run has been spawned as `pid`. */
export function started(m: Machine, now: Moment, pid: number): PlainDecision {
  return decide(
    {
      ...withStatus(m, { pid, stamp: now.wallclock, flagready: false, flagpaused: false }),
      state: "UP",
      slain: false,
      unhealthy: false,
      ordered: false,
      startedMs: now.monotonicMs,
      nextStartMs: now.monotonicMs + RESTART_INTERVAL_MS,
      over: undefined,
    },
    NEVER,
    ANNOUNCE,
    { kind: "notify", events: "u" },
  );
}

/**
 * ./run could not be spawned. It is tried again after `retryMs`, or only on request. `fault`: why,
 * if that is known.
 */
export function notStarted(
  m: Machine,
  now: Moment,
  { retryMs, fault }: { readonly retryMs: number | "never"; readonly fault?: string },
): PlainDecision {
  return decide(
    m,
    { kind: "timer", due: retryMs === "never" ? "never" : now.monotonicMs + retryMs },
    ...(fault === undefined
      ? []
      : [{ kind: "explain", oom: false, delayed: false, fault } as const]),
  );
}

/**
 * ./run of a service that is wanted up could not be spawned, and restart-policy gives it no second
 * chance. `exitCode`: 126 or 127, as in a shell.
 */
export function hopeless(m: Machine, exitCode: number, fault: string): PlainDecision {
  return decide(
    { ...withStatus(m, { flagwantup: false }), over: "policy" },
    NEVER,
    ANNOUNCE,
    { kind: "explain", oom: false, over: "policy", delayed: false, fault },
    { kind: "notify", events: "O" },
    { kind: "over", exitCode },
  );
}

/** The service has written a newline to its notification-fd. */
export function becameReady(m: Machine, now: Moment): PlainDecision {
  return decide(withStatus(m, { flagready: true, readystamp: now.wallclock }), ANNOUNCE, {
    kind: "notify",
    events: "U",
  });
}

/** The service has `drainMs` until its down-signal. */
export function draining(m: Machine, now: Moment, drainMs: number): PlainDecision {
  const wanted = withStatus(m, { flagwantup: false });
  const timer: Effect = { kind: "timer", due: now.monotonicMs + drainMs };
  return decide({ ...wanted, state: "DRAIN" }, ANNOUNCE, timer);
}

/** There is no timeout-drain, so the down-signal is sent now. */
export function noDrain(m: Machine): PlainDecision {
  return stopNow(m);
}

/**
 * The facts about the death of ./run decide whether and when there is another life, and which
 * processes have to go before it.
 */
export function judged(m: Machine, now: Moment, facts: DeathFacts): Decision {
  const { oom } = facts;
  const next: Question = facts.killLeftovers ? { kind: "sweep", signal: SIGTERM } : FINISH;
  const dead = { ...m, state: facts.killLeftovers ? "SWEEP" : m.state } as const;
  const killed: Effect[] = oom
    ? [{ kind: "warn", text: "the service was killed by the kernel: out of memory" }]
    : [];
  const explain = (over: Over | undefined, delayed: boolean, done = false): Effect[] =>
    oom || delayed || over !== undefined
      ? [{
        kind: "explain",
        oom,
        delayed,
        ...(over === undefined ? {} : { over }),
        ...(done ? { done } : {}),
      }]
      : [];
  if (!m.status.flagwantup || m.ordered || m.last) {
    return ask(dead, next, ...killed, ...explain(undefined, false));
  }
  const life = {
    startedMs: m.startedMs,
    diedMs: now.monotonicMs,
    wstat: m.status.wstat,
    downSignal: facts.downSignal,
  };
  const rules: RestartRules = m.unhealthy ? { ...facts.rules, policy: "always" } : facts.rules;
  const verdict = judge(rules, m.history, life);
  if (verdict.kind === "restart") {
    const { atMs: nextStartMs, history, delayed } = verdict;
    return ask(
      { ...dead, nextStartMs, history },
      next,
      ...killed,
      ...explain(undefined, delayed),
    );
  }
  const over = { ...withStatus(dead, { flagwantup: false }), over: verdict.why };
  return ask(
    over,
    next,
    ...killed,
    ...tooMany(verdict.why, facts.rules),
    ...explain(verdict.why, false, verdict.why === "policy" && endedWell(facts.rules, life)),
  );
}

function tooMany(why: Over, { maxRestarts }: RestartRules): Effect[] {
  if (why !== "max-restarts" || maxRestarts === undefined) return [];
  const limit = `max-restarts: ${maxRestarts.count} in ${maxRestarts.withinMs / 1000} seconds`;
  return [{
    kind: "warn",
    text: `the service dies too often (${limit}; it stays down until s6-svc -u)`,
  }];
}

/** Some leftovers of ./run are alive and have been sent the signal. */
export function leftoversFound(m: Machine): PlainDecision {
  if (m.status.flagfinishing) return decide(m);
  return decide(
    // the pid stays that of ./run, which can't be reused while its session or group lives
    withStatus(m, { flagfinishing: true }),
    { kind: "timer", due: "leftovers" },
    ANNOUNCE,
    { kind: "notify", events: "d" },
  );
}

/** No leftovers of ./run are alive any more. */
export function leftoversGone(m: Machine): Decision {
  return ask(m, FINISH);
}

/** ./finish has been spawned as `pid`. */
export function finishStarted(m: Machine, pid: number): PlainDecision {
  const told = m.status.flagfinishing;
  return decide(
    {
      ...withStatus(m, { pid, flagfinishing: true }),
      state: "FINISH",
      dying: false,
    },
    { kind: "timer", due: "timeout-finish" },
    ANNOUNCE,
    ...(told ? [] : [{ kind: "notify", events: "d" } as const]),
  );
}

/** There is no ./finish, or it could not be spawned. */
export function noFinish(m: Machine, now: Moment): PlainDecision {
  const down = goDown(m, now, m.status.flagfinishing ? "D" : "dD", false);
  return m.last ? decide(down.machine, ...down.effects, END) : down;
}
