/**
 * The state machine of one supervised service: pure, one visible matrix, decisions returned as data.
 *
 * A step takes the machine, what happened and the time, and returns the machine afterwards with the effects that the loop has to carry out, in
 * order. Two effects have an outcome that the machine must hear of: `start` (answered by `started` or `notStarted`) and `finish` (answered by
 * `finishStarted` or `noFinish`). Whatever stands in a file of the service directory is named here and read by the loop at that moment, so
 * that edits apply without a restart.
 *
 * Source of the matrix: s6-supervise(8) of s6 2.15.1. On purpose different: the next start is due one second after the last one, whatever
 * the readiness; and `Q` works.
 */
import { SIGABRT, SIGALRM, SIGCONT, SIGHUP, SIGINT, SIGKILL, SIGQUIT, SIGSTOP, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH } from "./signals.ts";
import type { Svstatus } from "./svstatus.ts";
import type { Tain } from "./tain.ts";
import { wexitstatus, wifexited } from "./wstat.ts";

/** DOWN, UP, running ./finish; and the two last lives, after which the supervisor ends. */
export const STATES = ["DOWN", "UP", "FINISH", "LASTUP", "LASTFINISH"] as const;
export type State = typeof STATES[number];

/** The bytes that a control FIFO understands. */
export const COMMANDS = "abqhkti12pcyrlPCKoduDUxOQ";

// deno-fmt-ignore
export const EVENTS = [
  "TIMEOUT", "CHLD", "TERM", "HUP", "QUIT", "INT",
  "a", "b", "q", "h", "k", "t", "i", "1", "2", "p", "c", "y", "r", "l", "P", "C", "K",
  "o", "d", "u", "D", "U", "x", "O", "Q",
] as const;
export type Event = typeof EVENTS[number];

/** Milliseconds between two starts of a service, counted from the last one. */
export const RESTART_INTERVAL_MS = 1000;
/** How long a service that could not be spawned waits for the next try. */
export const SPAWN_RETRY_MS = 60_000;
/** Time between two SIGKILLs for a process that outlives its timeout. */
export const KILL_REPEAT_MS = 5000;
/** The exit code of ./finish that says: don't restart. */
export const PERMANENT_FAILURE = 125;

export interface Machine {
  readonly state: State;
  readonly status: Svstatus;
  /** A down-signal was sent and `timeout-kill` counts. */
  readonly dying: boolean;
  /** The monotonic moment before which no restart happens by itself. */
  readonly nextStartMs: number;
}

/** The two clocks, and for CHLD the raw wait status. */
export interface Moment {
  readonly monotonicMs: number;
  readonly wallclock: Tain;
  readonly wstat?: number;
}

export type Effect =
  /** Signal the running process or its group; the two names stand for what the file of that name says now. */
  | { readonly kind: "kill"; readonly group: boolean; readonly signal: number | "down-signal" | "reload-signal" }
  /** SIGKILL and SIGCONT, to the group if `flag-timeout-killpg` exists. */
  | { readonly kind: "killTimedOut" }
  /** Write `supervise/status`. */
  | { readonly kind: "announce" }
  | { readonly kind: "notify"; readonly events: string }
  /** The next TIMEOUT: at a moment, after what a file says (0: never), or never. */
  | { readonly kind: "timer"; readonly due: number | "timeout-kill" | "timeout-finish" | "never" }
  | { readonly kind: "start" }
  /** Stop listening for readiness, append to the death tally, spawn ./finish. */
  | { readonly kind: "finish" }
  | { readonly kind: "createDown" }
  | { readonly kind: "removeDown" }
  /** From now on ./finish gets /dev/null for its standard input and output. */
  | { readonly kind: "closeStdio" }
  | { readonly kind: "warn"; readonly text: string }
  /** The service has come to its end for good, and nobody has asked for it: if `flag-essential` exists, it takes everybody with it. */
  | { readonly kind: "over" }
  /** The supervisor ends; the loop says `x`. */
  | { readonly kind: "end" };

export interface Decision {
  readonly machine: Machine;
  readonly effects: readonly Effect[];
}

type Action = (m: Machine, now: Moment) => Decision;

const ANNOUNCE: Effect = { kind: "announce" };
const START: Effect = { kind: "start" };
const OVER: Effect = { kind: "over" };
const END: Effect = { kind: "end" };
const CLOSE_STDIO: Effect = { kind: "closeStdio" };
const NEVER: Effect = { kind: "timer", due: "never" };

function decide(machine: Machine, ...effects: Effect[]): Decision {
  return { machine, effects };
}

function withStatus(m: Machine, changes: Partial<Svstatus>): Machine {
  return { ...m, status: { ...m.status, ...changes } };
}

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
const kill = (signal: number | "down-signal" | "reload-signal"): Action => only({ kind: "kill", group: false, signal });
const killGroup = (signal: number): Action => only({ kind: "kill", group: true, signal });
const paused = (flagpaused: boolean): Action => (m) => decide(withStatus(m, { flagpaused }), ANNOUNCE);
const want = (flagwantup: boolean): Action => (m) => decide(withStatus(m, { flagwantup }), ANNOUNCE);
const become = (state: State): Action => (m) => decide({ ...m, state });

const kill_a = kill(SIGALRM);
const kill_b = kill(SIGABRT);
const kill_q = kill(SIGQUIT);
const kill_h = kill(SIGHUP);
const kill_k = kill(SIGKILL);
const kill_t = kill(SIGTERM);
const kill_i = kill(SIGINT);
const kill_1 = kill(SIGUSR1);
const kill_2 = kill(SIGUSR2);
const kill_y = kill(SIGWINCH);
const kill_r = kill("down-signal");
const kill_l = kill("reload-signal");
const kill_K = killGroup(SIGKILL);
const kill_p = both(kill(SIGSTOP), paused(true));
const kill_c = both(kill(SIGCONT), paused(false));
const kill_P = both(killGroup(SIGSTOP), paused(true));
const kill_C = both(killGroup(SIGCONT), paused(false));
const interrupt = both(killGroup(SIGINT), bail);

const wantUp = want(true);
const wantDown = want(false);
const wantUP = both(only({ kind: "removeDown" }), wantUp);
const wantDOWN = both(only({ kind: "createDown" }), wantDown);
const closeStdio = only(CLOSE_STDIO);

const start = only(START);
const down_o = both(wantDown, start);
const down_u = both(wantUp, start);
const down_U = both(wantUP, start);

function downTimeout(m: Machine): Decision {
  return decide(m, m.status.flagwantup ? START : NEVER);
}

function upTimeout(m: Machine, now: Moment): Decision {
  if (!m.dying) return decide(m, NEVER, { kind: "warn", text: "a timer ran out while the service is up and nothing was due" });
  return decide(
    withStatus(m, { flagpaused: false }),
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

function up_d(m: Machine): Decision {
  return decide(
    { ...withStatus(m, { flagwantup: false, flagpaused: false }), dying: true },
    { kind: "kill", group: false, signal: "down-signal" },
    { kind: "kill", group: false, signal: SIGCONT },
    ANNOUNCE,
    { kind: "timer", due: "timeout-kill" },
  );
}

const up_D = both(only({ kind: "createDown" }), up_d);
const up_x = both(become("LASTUP"), closeStdio);
const up_term = both(become("LASTUP"), up_d);
const finish_x = both(become("LASTFINISH"), closeStdio);

/** ./run died: the same whether it was the last life or not; what comes next hangs on ./finish. */
function up_z(m: Machine, now: Moment): Decision {
  const status = { flagpaused: false, flagready: false, stamp: now.wallclock, wstat: now.wstat ?? 0 };
  return decide({ ...withStatus(m, status), dying: false }, { kind: "finish" });
}

function goDown(m: Machine, now: Moment, events: string): Decision {
  const status = { pid: 0, flagfinishing: false, flagready: true, readystamp: now.wallclock };
  return decide(
    { ...withStatus(m, status), state: "DOWN" },
    { kind: "timer", due: m.status.flagwantup ? Math.max(m.nextStartMs, now.monotonicMs) : "never" },
    ANNOUNCE,
    { kind: "notify", events },
  );
}

function finish_z(m: Machine, now: Moment): Decision {
  const wstat = now.wstat ?? 0;
  if (!wifexited(wstat) || wexitstatus(wstat) !== PERMANENT_FAILURE) return goDown(m, now, "D");
  const down = goDown(withStatus(m, { flagwantup: false }), now, "OD");
  return m.status.flagwantup ? { machine: down.machine, effects: [...down.effects, OVER] } : down;
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
    o: wantDown, d: up_d, u: wantUp, D: up_D, U: wantUP, x: up_x, O: wantDown, Q: wantDOWN,
  },
  FINISH: {
    TIMEOUT: finishTimeout, CHLD: finish_z, TERM: finish_x, HUP: finish_x, QUIT: bail, INT: interrupt,
    a: nop, b: nop, q: nop, h: nop, k: nop, t: nop, i: nop, "1": nop, "2": nop,
    p: nop, c: nop, y: nop, r: nop, l: nop, P: nop, C: nop, K: nop,
    o: wantDown, d: wantDown, u: wantUp, D: wantDOWN, U: wantUP, x: finish_x, O: wantDown, Q: wantDOWN,
  },
  LASTUP: {
    TIMEOUT: upTimeout, CHLD: up_z, TERM: up_d, HUP: closeStdio, QUIT: bail, INT: interrupt,
    a: kill_a, b: kill_b, q: kill_q, h: kill_h, k: kill_k, t: kill_t, i: kill_i, "1": kill_1, "2": kill_2,
    p: kill_p, c: kill_c, y: kill_y, r: kill_r, l: kill_l, P: kill_P, C: kill_C, K: kill_K,
    o: wantDown, d: up_d, u: wantUp, D: up_D, U: wantUP, x: closeStdio, O: wantDown, Q: wantDOWN,
  },
  LASTFINISH: {
    TIMEOUT: finishTimeout, CHLD: lastfinish_z, TERM: nop, HUP: closeStdio, QUIT: bail, INT: interrupt,
    a: nop, b: nop, q: nop, h: nop, k: nop, t: nop, i: nop, "1": nop, "2": nop,
    p: nop, c: nop, y: nop, r: nop, l: nop, P: nop, C: nop, K: nop,
    o: wantDown, d: wantDown, u: wantUp, D: wantDOWN, U: wantUP, x: closeStdio, O: wantDown, Q: wantDOWN,
  },
};

/** A supervisor that has just begun: down, nothing started yet (pid 0 and paused say so), its first start due at once. */
export function newMachine(now: Moment, flagwantup: boolean): Machine {
  return {
    state: "DOWN",
    status: {
      stamp: now.wallclock,
      readystamp: now.wallclock,
      pid: 0,
      wstat: 0,
      flagpaused: true,
      flagfinishing: false,
      flagwantup,
      flagready: true,
    },
    dying: false,
    nextStartMs: now.monotonicMs,
  };
}

/** What the machine does when `event` happens. */
export function step(m: Machine, event: Event, now: Moment): Decision {
  return ACTIONS[m.state][event](m, now);
}

/** ./run has been spawned as `pid`. */
export function started(m: Machine, now: Moment, pid: number): Decision {
  return decide(
    {
      ...withStatus(m, { pid, stamp: now.wallclock, flagready: false, flagpaused: false }),
      state: "UP",
      nextStartMs: now.monotonicMs + RESTART_INTERVAL_MS,
    },
    NEVER,
    ANNOUNCE,
    { kind: "notify", events: "u" },
  );
}

/** ./run could not be spawned; `retryMs` later it is tried again, or only on request. */
export function notStarted(m: Machine, now: Moment, retryMs: number | "never"): Decision {
  return decide(m, { kind: "timer", due: retryMs === "never" ? "never" : now.monotonicMs + retryMs });
}

/** The service has written a newline to its notification-fd. */
export function becameReady(m: Machine, now: Moment): Decision {
  return decide(withStatus(m, { flagready: true, readystamp: now.wallclock }), ANNOUNCE, { kind: "notify", events: "U" });
}

/** ./finish has been spawned as `pid`. */
export function finishStarted(m: Machine, pid: number): Decision {
  return decide(
    { ...withStatus(m, { pid, flagfinishing: true }), state: m.state === "LASTUP" ? "LASTFINISH" : "FINISH" },
    { kind: "timer", due: "timeout-finish" },
    ANNOUNCE,
    { kind: "notify", events: "d" },
  );
}

/** There is no ./finish, or it could not be spawned. */
export function noFinish(m: Machine, now: Moment): Decision {
  const down = goDown(m, now, "dD");
  return m.state === "LASTUP" ? { machine: down.machine, effects: [...down.effects, END] } : down;
}
