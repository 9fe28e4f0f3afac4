/**
 * The state machine of one supervised service: pure, one visible matrix, decisions returned as
 * data.
 *
 * A step takes the machine, the event and the time. It returns the new machine, the effects that
 * the loop carries out in order, and at most one question. The loop finds out the answer and hands
 * it to lib/supervise/core/supervision_answers.ts, which decides what follows.
 *
 * A value that is in a file of the service directory is only named here. The loop reads the file
 * when it needs it, so an edit applies without a restart.
 *
 * Source of the behaviour: s6-supervise(8) of s6 2.15.1. Two differences on purpose: the next start
 * is due one second after the last one, whatever the readiness; and `Q` works. Ours are DRAIN and
 * SWEEP, which a service enters only if its directory has `timeout-drain` or
 * `flag-kill-leftovers`, and what lib/supervise/core/restart_policy.ts decides.
 */
import type { Decision, Effect, Event, Machine, Moment, PlainDecision, State } from "./machine.ts";
import {
  ANNOUNCE,
  ask,
  DEATH,
  decide,
  DRAIN,
  END,
  FINISH,
  KILL_REPEAT_MS,
  NEVER,
  PERMANENT_FAILURE,
  START,
  withStatus,
} from "./machine.ts";
import { NO_HISTORY, RESTART_INTERVAL_MS } from "./restart_policy.ts";
import {
  SIGABRT,
  SIGALRM,
  SIGCONT,
  SIGHUP,
  SIGINT,
  SIGKILL,
  SIGQUIT,
  SIGSTOP,
  SIGTERM,
  SIGUSR1,
  SIGUSR2,
  SIGWINCH,
} from "../../core/linux/signals.ts";
import { bringDown, goDown, stopNow } from "./supervision_answers.ts";
import { wexitstatus, wifexited } from "../../core/linux/wstat.ts";

type Action = (m: Machine, now: Moment) => Decision;
/** An action without a question, so that another one can follow. */
type PlainAction = (m: Machine, now: Moment) => PlainDecision;

/** `first`, then `second` on the resulting machine. */
function both(first: PlainAction, second: PlainAction): PlainAction;
function both(first: PlainAction, second: Action): Action;
function both(first: PlainAction, second: Action): Action {
  return (m, now) => {
    const one = first(m, now);
    const two = second(one.machine, now);
    return { ...two, effects: [...one.effects, ...two.effects] };
  };
}

const ignore: PlainAction = (m) => decide(m);
const end: PlainAction = (m) => decide(m, END);
const only = (effect: Effect): PlainAction => (m) => decide(m, effect);

// signals to ./run, or to its process group
const send = (signal: number | "down-signal" | "reload-signal"): PlainAction =>
  only({ kind: "kill", group: false, signal });
const sendAll = (signal: number): PlainAction => only({ kind: "kill", group: true, signal });
const paused = (flagpaused: boolean): PlainAction => (m) =>
  decide(withStatus(m, { flagpaused }), ANNOUNCE);
/** Notes that an administrator sent SIGKILL, and not the kernel. */
const slay: PlainAction = (m) => decide({ ...m, slain: true });
/** An administrator wants another life after this one, whatever restart-policy says. */
const order: PlainAction = (m) => decide({ ...m, ordered: true });

const alarm = send(SIGALRM);
const abort = send(SIGABRT);
const quit = send(SIGQUIT);
const hangUp = send(SIGHUP);
const slayOne = both(slay, send(SIGKILL));
const terminate = send(SIGTERM);
const interrupt = send(SIGINT);
const user1 = send(SIGUSR1);
const user2 = send(SIGUSR2);
const winch = send(SIGWINCH);
const restart = both(order, send("down-signal"));
const reload = send("reload-signal");
const slayAll = both(slay, sendAll(SIGKILL));
const pause = both(send(SIGSTOP), paused(true));
const resume = both(send(SIGCONT), paused(false));
const pauseAll = both(sendAll(SIGSTOP), paused(true));
const resumeAll = both(sendAll(SIGCONT), paused(false));
const interruptAndEnd = both(sendAll(SIGINT), end);

// an administrator's wish holds until the supervisor ends; making or removing ./down makes it
// permanent
const wishFor = (flagwantup: boolean): PlainAction => (m) =>
  decide(withStatus(m, { flagwantup }), ANNOUNCE);
const createDown = only({ kind: "createDown" });
const removeDown = only({ kind: "removeDown" });
const wishUp = wishFor(true);
const wishDown = wishFor(false);
const keepUp = both(removeDown, wishUp);
const keepDown = both(createDown, wishDown);
/** An administrator wants it up: the history is forgotten, and its consequences too. */
const forgive: PlainAction = (m) =>
  decide({
    ...m,
    history: NO_HISTORY,
    over: undefined,
    nextStartMs: Math.min(m.nextStartMs, m.startedMs + RESTART_INTERVAL_MS),
  });

// the supervisor ends after this life; until then no descriptor of ours keeps its logger's pipe
// open
const lastLife: PlainAction = (m) => decide({ ...m, last: true });
const closeStdio = only({ kind: "closeStdio" });
const lastAndClose = both(lastLife, closeStdio);

// DOWN
const start: Action = (m) => ask(m, START);
const startIfWanted: Action = (m) => m.status.flagwantup ? ask(m, START) : decide(m, NEVER);
const startOnce = both(both(forgive, wishDown), start);
const startNow = both(both(forgive, wishUp), start);
const startForGood = both(both(forgive, keepUp), start);

// UP
/** Begins with `timeout-drain`, if there is one, unless the signal has already been sent. */
const stop: Action = (m) => m.dying ? stopNow(m) : ask(m, DRAIN);
const stopForGood = both(createDown, stop);
const lastAndStop = both(lastLife, stop);
/** After the down-signal, `u` orders another life. Otherwise it changes nothing. */
const upAgain: Action = (m, now) => (m.dying ? both(order, wishUp) : wishUp)(m, now);
const upAgainForGood = both(removeDown, upAgain);

function killAfterTimeout(m: Machine, now: Moment): PlainDecision {
  if (!m.dying) {
    return decide(m, NEVER, {
      kind: "warn",
      text: "a timer ran out while the service is up and nothing was due",
    });
  }
  return decide(
    { ...withStatus(m, { flagpaused: false }), slain: true },
    { kind: "killTimedOut" },
    ANNOUNCE,
    { kind: "timer", due: now.monotonicMs + KILL_REPEAT_MS },
  );
}

/**
 * Stops it for its health; another life follows as after a failure. It may be deaf to its
 * down-signal: so SIGKILL comes in any case, as for leftovers.
 */
const restartUnhealthy: PlainAction = (m) =>
  m.dying ? decide(m) : bringDown({ ...m, unhealthy: true }, "leftovers");

/** ./run died. What comes next depends on the facts about its death. */
function runDied(m: Machine, now: Moment): Decision {
  const status = {
    flagpaused: false,
    flagready: false,
    stamp: now.wallclock,
    wstat: now.wstat ?? 0,
  };
  return ask({ ...withStatus(m, status), state: "UP", dying: false }, DEATH);
}

// DRAIN: nothing has been sent yet, but the service will be stopped. A second order to stop ends
// the wait; `u` orders another life.
const leaveDrain: PlainAction = (m) => decide({ ...m, state: "UP" });
const endDrain = both(leaveDrain, (m) => bringDown(m));
const endDrainNow = both(leaveDrain, stopNow);
const endDrainForGood = both(createDown, endDrainNow);
const anotherLife = both(order, wishUp);
const anotherForGood = both(order, keepUp);
const lastAndWishDown = both(lastLife, wishDown);

// SWEEP and FINISH: ./run is dead. An administrator who wants it up now expects a start, and not
// the delay or the end that followed from its death.
const forgiveAndUp = both(forgive, wishUp);
const forgiveForGood = both(forgive, keepUp);

function sweepHarder(m: Machine, now: Moment): Decision {
  if (m.dying) {
    return ask(m, FINISH, {
      kind: "warn",
      text: "some of what ./run has left does not die (going on without it)",
    });
  }
  const again: Effect = { kind: "timer", due: now.monotonicMs + KILL_REPEAT_MS };
  return ask({ ...m, dying: true }, { kind: "sweep", signal: SIGKILL }, again);
}

function killFinish(m: Machine, now: Moment): PlainDecision {
  return decide(
    m,
    { kind: "warn", text: "finish script lifetime reached maximum value - sending it a SIGKILL" },
    { kind: "kill", group: false, signal: SIGCONT },
    { kind: "kill", group: false, signal: SIGKILL },
    { kind: "timer", due: now.monotonicMs + KILL_REPEAT_MS },
  );
}

function finishDied(m: Machine, now: Moment): PlainDecision {
  const wstat = now.wstat ?? 0;
  if (!wifexited(wstat) || wexitstatus(wstat) !== PERMANENT_FAILURE) {
    return goDown(m, now, "D", false);
  }
  if (!m.status.flagwantup) return goDown(m, now, "D", true);
  const down = goDown({ ...withStatus(m, { flagwantup: false }), over: "finish" }, now, "D", true);
  return decide(
    down.machine,
    { kind: "explain", oom: false, over: "finish", delayed: false },
    ...down.effects,
  );
}

const finishDiedAndEnd = both(finishDied, end);

// deno-fmt-ignore
const ACTIONS: Record<State, Record<Event, Action>> = {
  DOWN: {
    TIMEOUT: startIfWanted, CHLD: ignore, UNHEALTHY: ignore, TERM: end, HUP: end, QUIT: end, INT: end,
    a: ignore, b: ignore, q: ignore, h: ignore, k: ignore, t: ignore, i: ignore, "1": ignore, "2": ignore,
    p: ignore, c: ignore, y: ignore, r: ignore, l: ignore, P: ignore, C: ignore, K: ignore,
    o: startOnce, d: wishDown, u: startNow, D: keepDown, U: startForGood, x: end, O: wishDown, Q: keepDown,
  },
  UP: {
    TIMEOUT: killAfterTimeout, CHLD: runDied, UNHEALTHY: restartUnhealthy, TERM: lastAndStop, HUP: lastAndClose, QUIT: end, INT: interruptAndEnd,
    a: alarm, b: abort, q: quit, h: hangUp, k: slayOne, t: terminate, i: interrupt, "1": user1, "2": user2,
    p: pause, c: resume, y: winch, r: restart, l: reload, P: pauseAll, C: resumeAll, K: slayAll,
    o: wishDown, d: stop, u: upAgain, D: stopForGood, U: upAgainForGood, x: lastAndClose, O: wishDown, Q: keepDown,
  },
  DRAIN: {
    TIMEOUT: endDrain, CHLD: runDied, UNHEALTHY: ignore, TERM: lastAndWishDown, HUP: lastAndClose, QUIT: end, INT: interruptAndEnd,
    a: alarm, b: abort, q: quit, h: hangUp, k: slayOne, t: terminate, i: interrupt, "1": user1, "2": user2,
    p: pause, c: resume, y: winch, r: restart, l: reload, P: pauseAll, C: resumeAll, K: slayAll,
    o: wishDown, d: endDrainNow, u: anotherLife, D: endDrainForGood, U: anotherForGood, x: lastAndClose, O: wishDown, Q: keepDown,
  },
  SWEEP: {
    TIMEOUT: sweepHarder, CHLD: ignore, UNHEALTHY: ignore, TERM: lastAndClose, HUP: lastAndClose, QUIT: end, INT: end,
    a: ignore, b: ignore, q: ignore, h: ignore, k: ignore, t: ignore, i: ignore, "1": ignore, "2": ignore,
    p: ignore, c: ignore, y: ignore, r: ignore, l: ignore, P: ignore, C: ignore, K: ignore,
    o: wishDown, d: wishDown, u: forgiveAndUp, D: keepDown, U: forgiveForGood, x: lastAndClose, O: wishDown, Q: keepDown,
  },
  FINISH: {
    TIMEOUT: killFinish, CHLD: finishDied, UNHEALTHY: ignore, TERM: lastAndClose, HUP: lastAndClose, QUIT: end, INT: interruptAndEnd,
    a: ignore, b: ignore, q: ignore, h: ignore, k: ignore, t: ignore, i: ignore, "1": ignore, "2": ignore,
    p: ignore, c: ignore, y: ignore, r: ignore, l: ignore, P: ignore, C: ignore, K: ignore,
    o: wishDown, d: wishDown, u: forgiveAndUp, D: keepDown, U: forgiveForGood, x: lastAndClose, O: wishDown, Q: keepDown,
  },
};

/** The cells that differ in a last life, which no other life can follow. */
// deno-fmt-ignore
const LAST_ACTIONS: Record<State, Partial<Record<Event, Action>>> = {
  DOWN: {},
  UP: { UNHEALTHY: ignore, TERM: stop, HUP: closeStdio, u: wishUp, U: keepUp, x: closeStdio },
  DRAIN: { TERM: endDrainNow, HUP: closeStdio, u: wishUp, U: keepUp, x: closeStdio },
  SWEEP: { TERM: ignore, HUP: closeStdio, u: wishUp, U: keepUp, x: closeStdio },
  FINISH: { CHLD: finishDiedAndEnd, TERM: ignore, HUP: closeStdio, u: wishUp, U: keepUp, x: closeStdio },
};

/** The machine's decision when `event` happens. */
export function step(m: Machine, event: Event, now: Moment): Decision {
  const action = m.last ? LAST_ACTIONS[m.state][event] : undefined;
  return (action ?? ACTIONS[m.state][event])(m, now);
}
