/**
 * The state machine of one supervised service: pure, one visible matrix, decisions returned as
 * data.
 *
 * A step takes the machine, what happened and the time, and returns the machine afterwards with the
 * effects that the loop has to carry out, in order. Some effects have an outcome that the machine
 * must hear of:
 *
 *     start   started, notStarted, or hopeless
 *     drain   draining, or noDrain
 *     death   judged
 *     sweep   leftoversFound, and in the end leftoversGone
 *     finish  finishStarted, or noFinish
 *
 * Whatever stands in a file of the service directory is named here and read by the loop at that
 * moment, so that edits apply without a restart.
 *
 * Source of the matrix: s6-supervise(8) of s6 2.15.1. On purpose different: the next start is due
 * one second after the last one, whatever the readiness; and `Q` works. Ours: DRAIN and SWEEP, into
 * which a service comes only if its directory has `timeout-drain` or `flag-kill-leftovers`, and
 * what lib/supervise/core/restart_policy.ts decides.
 */
import type { Decision, Effect, Event, Machine, Moment, State } from "./machine.ts";
import {
  ANNOUNCE,
  decide,
  END,
  FINISH,
  isLast,
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
import { bringDown, goDown, stopNow } from "./supervision_outcomes.ts";
import { wexitstatus, wifexited } from "../../core/linux/wstat.ts";

type Action = (m: Machine, now: Moment) => Decision;

/** `first`, then `second` on the machine that it left. */
function both(first: Action, second: Action): Action {
  return (m, now) => {
    const one = first(m, now);
    const two = second(one.machine, now);
    return { machine: two.machine, effects: [...one.effects, ...two.effects] };
  };
}

const nop: Action = (m) => decide(m);
const bail: Action = (m) => decide(m, END);
const only = (effect: Effect): Action => (m) => decide(m, effect);
const kill = (signal: number | "down-signal" | "reload-signal"): Action =>
  only({ kind: "kill", group: false, signal });
const killGroup = (signal: number): Action => only({ kind: "kill", group: true, signal });
const paused = (flagpaused: boolean): Action => (m) =>
  decide(withStatus(m, { flagpaused }), ANNOUNCE);
const want = (flagwantup: boolean): Action => (m) =>
  decide(withStatus(m, { flagwantup }), ANNOUNCE);
const become = (state: State): Action => (m) => decide({ ...m, state });
/** SIGKILL by an administrator: not the kernel's. */
const slay: Action = (m) => decide({ ...m, slain: true });
/** Another life is wanted after this one, whatever restart-policy says. */
const order: Action = (m) => decide({ ...m, ordered: true });
/** Somebody wants it up: the past is forgotten, and with it what it had led to. */
const forgive: Action = (m) =>
  decide({
    ...m,
    history: NO_HISTORY,
    over: undefined,
    nextStartMs: Math.min(m.nextStartMs, m.startedMs + RESTART_INTERVAL_MS),
  });

const kill_a = kill(SIGALRM);
const kill_b = kill(SIGABRT);
const kill_q = kill(SIGQUIT);
const kill_h = kill(SIGHUP);
const kill_k = both(slay, kill(SIGKILL));
const kill_t = kill(SIGTERM);
const kill_i = kill(SIGINT);
const kill_1 = kill(SIGUSR1);
const kill_2 = kill(SIGUSR2);
const kill_y = kill(SIGWINCH);
const kill_r = both(order, kill("down-signal"));
const kill_l = kill("reload-signal");
const kill_K = both(slay, killGroup(SIGKILL));
const kill_p = both(kill(SIGSTOP), paused(true));
const kill_c = both(kill(SIGCONT), paused(false));
const kill_P = both(killGroup(SIGSTOP), paused(true));
const kill_C = both(killGroup(SIGCONT), paused(false));
const interrupt = both(killGroup(SIGINT), bail);

const wantUp = want(true);
const wantDown = want(false);
const wantUP = both(only({ kind: "removeDown" }), wantUp);
const createDown = only({ kind: "createDown" });
const wantDOWN = both(createDown, wantDown);
const closeStdio = only({ kind: "closeStdio" });

const start = only(START);
const down_o = both(both(forgive, wantDown), start);
const down_u = both(both(forgive, wantUp), start);
const down_U = both(both(forgive, wantUP), start);

function downTimeout(m: Machine): Decision {
  return decide(m, m.status.flagwantup ? START : NEVER);
}

function upTimeout(m: Machine, now: Moment): Decision {
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

function finishTimeout(m: Machine, now: Moment): Decision {
  return decide(
    m,
    { kind: "warn", text: "finish script lifetime reached maximum value - sending it a SIGKILL" },
    { kind: "kill", group: false, signal: SIGCONT },
    { kind: "kill", group: false, signal: SIGKILL },
    { kind: "timer", due: now.monotonicMs + KILL_REPEAT_MS },
  );
}

/** Told to stop: drained first if it has time for that, unless it has had its signal already. */
const up_d: Action = (m) => m.dying ? stopNow(m) : decide(m, { kind: "drain" });
const up_D = both(createDown, up_d);
const up_x = both(become("LASTUP"), closeStdio);
const up_term = both(become("LASTUP"), up_d);
/**
 * `u` on a service that was told to stop is an order for another life; otherwise it changes
 * nothing.
 */
const up_u: Action = (m, now) => (m.dying ? both(order, wantUp) : wantUp)(m, now);
const up_U = both(only({ kind: "removeDown" }), up_u);

// In DRAIN nothing has been sent yet, but the service will be stopped: a second order to stop ends
// the waiting, `u` asks for another life.
const drained = both(become("UP"), bringDown);
const drain_d = both(become("UP"), stopNow);
const drain_D = both(createDown, drain_d);
const drain_u = both(order, wantUp);
const drain_U = both(order, wantUP);
const drain_x = both(become("LASTDRAIN"), closeStdio);
const drain_term = both(become("LASTDRAIN"), wantDown);
const lastdrained = both(become("LASTUP"), bringDown);
const lastdrain_d = both(become("LASTUP"), stopNow);
const lastdrain_D = both(createDown, lastdrain_d);

// ./run is dead: somebody who wants it up from now on wants to see a start, not the delay or the
// end that its death had led to.
const finish_u = both(forgive, wantUp);
const finish_U = both(forgive, wantUP);
const finish_x = both(become("LASTFINISH"), closeStdio);
const sweep_x = both(become("LASTSWEEP"), closeStdio);

/** ./run died. What comes next hangs on what is found out about that. */
function up_z(m: Machine, now: Moment): Decision {
  const status = {
    flagpaused: false,
    flagready: false,
    stamp: now.wallclock,
    wstat: now.wstat ?? 0,
  };
  return decide({ ...withStatus(m, status), state: isLast(m) ? "LASTUP" : "UP", dying: false }, {
    kind: "death",
  });
}

function sweepTimeout(m: Machine, now: Moment): Decision {
  if (m.dying) {
    return decide(m, {
      kind: "warn",
      text: "some of what ./run has left does not die (going on without it)",
    }, FINISH);
  }
  const again: Effect = { kind: "timer", due: now.monotonicMs + KILL_REPEAT_MS };
  return decide({ ...m, dying: true }, { kind: "sweep", signal: SIGKILL }, again);
}

function finish_z(m: Machine, now: Moment): Decision {
  const wstat = now.wstat ?? 0;
  if (!wifexited(wstat) || wexitstatus(wstat) !== PERMANENT_FAILURE) {
    return goDown(m, now, "D", false);
  }
  if (!m.status.flagwantup) return goDown(m, now, "D", true);
  const down = goDown({ ...withStatus(m, { flagwantup: false }), over: "finish" }, now, "D", true);
  return {
    machine: down.machine,
    effects: [{ kind: "explain", oom: false, over: "finish", delayed: false }, ...down.effects],
  };
}

const lastfinish_z = both(finish_z, bail);

// deno-fmt-ignore
const ACTIONS: Record<State, Record<Event, Action>> = {
  DOWN: {
    TIMEOUT: downTimeout, CHLD: nop, TERM: bail, HUP: bail, QUIT: bail, INT: bail,
    a: nop, b: nop, q: nop, h: nop, k: nop, t: nop, i: nop, "1": nop, "2": nop,
    p: nop, c: nop, y: nop, r: nop, l: nop, P: nop, C: nop, K: nop,
    o: down_o, d: wantDown, u: down_u, D: wantDOWN, U: down_U, x: bail, O: wantDown, Q: wantDOWN,
  },
  UP: {
    TIMEOUT: upTimeout, CHLD: up_z, TERM: up_term, HUP: up_x, QUIT: bail, INT: interrupt,
    a: kill_a, b: kill_b, q: kill_q, h: kill_h, k: kill_k, t: kill_t, i: kill_i, "1": kill_1, "2": kill_2,
    p: kill_p, c: kill_c, y: kill_y, r: kill_r, l: kill_l, P: kill_P, C: kill_C, K: kill_K,
    o: wantDown, d: up_d, u: up_u, D: up_D, U: up_U, x: up_x, O: wantDown, Q: wantDOWN,
  },
  DRAIN: {
    TIMEOUT: drained, CHLD: up_z, TERM: drain_term, HUP: drain_x, QUIT: bail, INT: interrupt,
    a: kill_a, b: kill_b, q: kill_q, h: kill_h, k: kill_k, t: kill_t, i: kill_i, "1": kill_1, "2": kill_2,
    p: kill_p, c: kill_c, y: kill_y, r: kill_r, l: kill_l, P: kill_P, C: kill_C, K: kill_K,
    o: wantDown, d: drain_d, u: drain_u, D: drain_D, U: drain_U, x: drain_x, O: wantDown, Q: wantDOWN,
  },
  SWEEP: {
    TIMEOUT: sweepTimeout, CHLD: nop, TERM: sweep_x, HUP: sweep_x, QUIT: bail, INT: bail,
    a: nop, b: nop, q: nop, h: nop, k: nop, t: nop, i: nop, "1": nop, "2": nop,
    p: nop, c: nop, y: nop, r: nop, l: nop, P: nop, C: nop, K: nop,
    o: wantDown, d: wantDown, u: finish_u, D: wantDOWN, U: finish_U, x: sweep_x, O: wantDown, Q: wantDOWN,
  },
  FINISH: {
    TIMEOUT: finishTimeout, CHLD: finish_z, TERM: finish_x, HUP: finish_x, QUIT: bail, INT: interrupt,
    a: nop, b: nop, q: nop, h: nop, k: nop, t: nop, i: nop, "1": nop, "2": nop,
    p: nop, c: nop, y: nop, r: nop, l: nop, P: nop, C: nop, K: nop,
    o: wantDown, d: wantDown, u: finish_u, D: wantDOWN, U: finish_U, x: finish_x, O: wantDown, Q: wantDOWN,
  },
  LASTUP: {
    TIMEOUT: upTimeout, CHLD: up_z, TERM: up_d, HUP: closeStdio, QUIT: bail, INT: interrupt,
    a: kill_a, b: kill_b, q: kill_q, h: kill_h, k: kill_k, t: kill_t, i: kill_i, "1": kill_1, "2": kill_2,
    p: kill_p, c: kill_c, y: kill_y, r: kill_r, l: kill_l, P: kill_P, C: kill_C, K: kill_K,
    o: wantDown, d: up_d, u: wantUp, D: up_D, U: wantUP, x: closeStdio, O: wantDown, Q: wantDOWN,
  },
  LASTDRAIN: {
    TIMEOUT: lastdrained, CHLD: up_z, TERM: lastdrain_d, HUP: closeStdio, QUIT: bail, INT: interrupt,
    a: kill_a, b: kill_b, q: kill_q, h: kill_h, k: kill_k, t: kill_t, i: kill_i, "1": kill_1, "2": kill_2,
    p: kill_p, c: kill_c, y: kill_y, r: kill_r, l: kill_l, P: kill_P, C: kill_C, K: kill_K,
    o: wantDown, d: lastdrain_d, u: wantUp, D: lastdrain_D, U: wantUP, x: closeStdio, O: wantDown, Q: wantDOWN,
  },
  LASTSWEEP: {
    TIMEOUT: sweepTimeout, CHLD: nop, TERM: nop, HUP: closeStdio, QUIT: bail, INT: bail,
    a: nop, b: nop, q: nop, h: nop, k: nop, t: nop, i: nop, "1": nop, "2": nop,
    p: nop, c: nop, y: nop, r: nop, l: nop, P: nop, C: nop, K: nop,
    o: wantDown, d: wantDown, u: wantUp, D: wantDOWN, U: wantUP, x: closeStdio, O: wantDown, Q: wantDOWN,
  },
  LASTFINISH: {
    TIMEOUT: finishTimeout, CHLD: lastfinish_z, TERM: nop, HUP: closeStdio, QUIT: bail, INT: interrupt,
    a: nop, b: nop, q: nop, h: nop, k: nop, t: nop, i: nop, "1": nop, "2": nop,
    p: nop, c: nop, y: nop, r: nop, l: nop, P: nop, C: nop, K: nop,
    o: wantDown, d: wantDown, u: wantUp, D: wantDOWN, U: wantUP, x: closeStdio, O: wantDown, Q: wantDOWN,
  },
};

/** What the machine does when `event` happens. */
export function step(m: Machine, event: Event, now: Moment): Decision {
  return ACTIONS[m.state][event](m, now);
}
