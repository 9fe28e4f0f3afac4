/**
 * Each of the 9 x 32 pairs of a state, in a last life too, and an event. What is to happen in DOWN,
 * UP and FINISH was found in what C does (s6-supervise of s6 2.15.1), not in our matrix; DRAIN and
 * SWEEP, which C does not have, follow docs/servicedir.md.
 *
 * Ours on purpose: `Q` works; a service that was never started stays paused until a start succeeds;
 * the next start counts from the last one. The moment of a timer that would find a service which is
 * not wanted up is "never", since C's finds nothing to do.
 */
import type {
  Effect,
  Event,
  Machine,
  Moment,
  Question,
  State,
} from "../../../../lib/supervise/core/machine.ts";
import { NO_HISTORY } from "../../../../lib/supervise/core/restart_policy.ts";
import type { Svstatus } from "../../../../lib/servicedir/core/svstatus.ts";

export const NOW: Moment = {
  monotonicMs: 90_000,
  wallclock: { sec: 0x400000006b023170n, nano: 7 },
};
const EXIT_3 = 0x0300;
const EXIT_125 = 0x7d00;
/** The upper byte means nothing when a signal killed it. */
const SIGKILL_AND_125 = 0x7d09;

/** What an event does. What is not named stays as it was. */
export interface Consequence {
  readonly to?: State;
  /** From now on the life is the last one. */
  readonly last?: true;
  readonly dying?: boolean;
  /** What else of the machine becomes different. */
  readonly after?: (before: Machine) => Partial<Machine>;
  readonly status?: Partial<Svstatus>;
  readonly effects?: readonly Effect[];
  readonly question?: Question;
}

/** A consequence that depends on more than the state. */
export interface Case extends Consequence {
  readonly when: string;
  readonly machine?: Partial<Machine>;
  readonly given?: Partial<Svstatus>;
  readonly wstat?: number;
}

const nothing: Consequence = {};
const end: Effect = { kind: "end" };
const start: Question = { kind: "start" };
const announce: Effect = { kind: "announce" };
const createDown: Effect = { kind: "createDown" };
const removeDown: Effect = { kind: "removeDown" };
const closeStdio: Effect = { kind: "closeStdio" };
const over: Effect = { kind: "over", exitCode: 1 };
const explainFinish: Effect = { kind: "explain", oom: false, over: "finish", delayed: false };
const drain: Question = { kind: "drain" };
const finish: Question = { kind: "finish" };
const never: Effect = { kind: "timer", due: "never" };
const process = (signal: number | "down-signal" | "reload-signal"): Effect => ({
  kind: "kill",
  group: false,
  signal,
});
const group = (signal: number): Effect => ({ kind: "kill", group: true, signal });
const timer = (due: number): Effect => ({ kind: "timer", due });
const notify = (events: string): Effect => ({ kind: "notify", events });

const send = (signal: number | "down-signal" | "reload-signal"): Consequence => ({
  effects: [process(signal)],
});
const ends: Consequence = { effects: [end] };
const interrupted: Consequence = { effects: [group(2), end] };
const wantDown: Consequence = { status: { flagwantup: false }, effects: [announce] };
const wantUp: Consequence = { status: { flagwantup: true }, effects: [announce] };
const wantDownForGood: Consequence = {
  status: { flagwantup: false },
  effects: [createDown, announce],
};
const wantUpForGood: Consequence = {
  status: { flagwantup: true },
  effects: [removeDown, announce],
};

const order = (): Partial<Machine> => ({ ordered: true });
const slay = (): Partial<Machine> => ({ slain: true });
const forgive = ({ startedMs }: Machine): Partial<Machine> => ({
  history: NO_HISTORY,
  over: undefined,
  nextStartMs: startedMs + 1000,
});

const goingDown = [process("down-signal"), process(18), announce, {
  kind: "timer",
  due: "timeout-kill",
}] as const;
const bringDown: Consequence = {
  dying: true,
  status: { flagwantup: false, flagpaused: false },
  effects: goingDown,
};
/**
 * The first order to stop asks for timeout-drain; after the down-signal another one sends it again.
 */
const stop = (changes: Consequence, ...before: readonly Effect[]): readonly Case[] => [
  {
    when: "for the first time",
    machine: { dying: false },
    ...changes,
    effects: before,
    question: drain,
  },
  {
    when: "after the down-signal",
    machine: { dying: true },
    ...changes,
    ...bringDown,
    effects: [...before, ...goingDown],
  },
];
/**
 * In C `u` is no more than a wish; here it is an order for another life too, once the service was
 * told to stop.
 */
const wishUp = (...before: readonly Effect[]): readonly Case[] => [
  {
    when: "while nobody stops it",
    machine: { dying: false },
    status: { flagwantup: true },
    effects: [...before, announce],
  },
  {
    when: "after the down-signal",
    machine: { dying: true },
    after: order,
    status: { flagwantup: true },
    effects: [...before, announce],
  },
];

const toRunningService = {
  a: send(14),
  b: send(6),
  q: send(3),
  h: send(1),
  k: { after: slay, effects: [process(9)] },
  t: send(15),
  i: send(2),
  "1": send(10),
  "2": send(12),
  p: { status: { flagpaused: true }, effects: [process(19), announce] },
  c: { status: { flagpaused: false }, effects: [process(18), announce] },
  y: send(28),
  r: { after: order, effects: [process("down-signal")] },
  l: send("reload-signal"),
  P: { status: { flagpaused: true }, effects: [group(19), announce] },
  C: { status: { flagpaused: false }, effects: [group(18), announce] },
  K: { after: slay, effects: [group(9)] },
} as const satisfies Partial<Record<Event, Consequence>>;

const toNobody = {
  a: nothing,
  b: nothing,
  q: nothing,
  h: nothing,
  k: nothing,
  t: nothing,
  i: nothing,
  "1": nothing,
  "2": nothing,
  p: nothing,
  c: nothing,
  y: nothing,
  r: nothing,
  l: nothing,
  P: nothing,
  C: nothing,
  K: nothing,
} as const satisfies Partial<Record<Event, Consequence>>;

const runTimeout: readonly Case[] = [
  {
    when: "after the down-signal",
    machine: { dying: true },
    after: slay,
    status: { flagpaused: false },
    effects: [{ kind: "killTimedOut" }, announce, timer(95_000)],
  },
  {
    when: "though nothing was due",
    machine: { dying: false },
    effects: [never, {
      kind: "warn",
      text: "a timer ran out while the service is up and nothing was due",
    }],
  },
];

/** Unlike `r`, it is killed if it does not die, also without timeout-kill. */
const restartForHealth: readonly Case[] = [
  {
    when: "while nobody stops it",
    machine: { dying: false },
    dying: true,
    after: () => ({ unhealthy: true }),
    status: { flagpaused: false },
    effects: [process("down-signal"), process(18), announce, { kind: "timer", due: "leftovers" }],
  },
  { when: "after the down-signal", machine: { dying: true } },
];

const runDeath: readonly Case[] = [{
  when: "by itself",
  wstat: EXIT_3,
  dying: false,
  status: { stamp: NOW.wallclock, wstat: EXIT_3, flagpaused: false, flagready: false },
  question: { kind: "death" },
}, {
  when: "by SIGKILL",
  wstat: 9,
  dying: false,
  status: { stamp: NOW.wallclock, wstat: 9, flagpaused: false, flagready: false },
  question: { kind: "death" },
}];

/** SIGKILL after the time that leftovers have; then they are given up. */
const sweepTimeout: readonly Case[] = [
  {
    when: "after SIGTERM",
    machine: { dying: false },
    dying: true,
    effects: [timer(95_000)],
    question: { kind: "sweep", signal: 9 },
  },
  {
    when: "after SIGKILL",
    machine: { dying: true },
    effects: [{
      kind: "warn",
      text: "some of what ./run has left does not die (going on without it)",
    }],
    question: finish,
  },
];

// C says `paused: no` in the status once more; it said so when the service died.
const finishTimeout: Consequence = {
  effects: [
    { kind: "warn", text: "finish script lifetime reached maximum value - sending it a SIGKILL" },
    process(18),
    process(9),
    timer(95_000),
  ],
};

const nowDown: Partial<Svstatus> = {
  pid: 0,
  flagfinishing: false,
  flagready: true,
  readystamp: NOW.wallclock,
};

/** @param last It is the supervisor's last life: then it ends, and that is nobody else's end. */
function finishDeath(last: boolean): readonly Case[] {
  const rest = last ? [end] : [];
  const taking = last ? [end] : [over];
  const usual = { to: "DOWN", status: nowDown, dying: false } as const;
  return [
    {
      ...usual,
      when: "wanted up, within a second after the last start",
      given: { flagwantup: true },
      machine: { over: undefined, nextStartMs: 90_400 },
      wstat: EXIT_3,
      effects: [timer(90_400), announce, notify("D"), ...rest],
    },
    {
      ...usual,
      when: "wanted up, the last start is long ago",
      given: { flagwantup: true },
      machine: { over: undefined, nextStartMs: 40_000 },
      wstat: 0,
      effects: [timer(90_000), announce, notify("D"), ...rest],
    },
    {
      ...usual,
      when: "wanted down",
      given: { flagwantup: false },
      machine: { over: undefined },
      wstat: 0,
      effects: [never, announce, notify("D"), ...rest],
    },
    {
      ...usual,
      when: "with 125, a permanent failure",
      given: { flagwantup: true },
      machine: { over: undefined },
      wstat: EXIT_125,
      after: () => ({ over: "finish" }),
      status: { ...nowDown, flagwantup: false },
      effects: [explainFinish, never, announce, notify("OD"), ...taking],
    },
    {
      ...usual,
      when: "with 125 of a service that was told to stop",
      given: { flagwantup: false },
      machine: { over: undefined },
      wstat: EXIT_125,
      effects: [never, announce, notify("OD"), ...rest],
    },
    {
      ...usual,
      when: "of a service that has ended for good",
      given: { flagwantup: false },
      machine: { over: "max-restarts" },
      wstat: EXIT_3,
      effects: [never, announce, notify("OD"), ...taking],
    },
    {
      ...usual,
      when: "with 125 of a service that has ended for good anyway",
      given: { flagwantup: false },
      machine: { over: "policy" },
      wstat: EXIT_125,
      effects: [never, announce, notify("OD"), ...taking],
    },
    {
      ...usual,
      when: "by a signal, whatever the byte of the exit code holds",
      given: { flagwantup: true },
      machine: { over: undefined, nextStartMs: 40_000 },
      wstat: SIGKILL_AND_125,
      effects: [timer(90_000), announce, notify("D"), ...rest],
    },
  ];
}

type Row = Readonly<Record<Event, Consequence | readonly Case[]>>;

export const TABLE: Readonly<Record<State, Row>> = {
  DOWN: {
    TIMEOUT: [
      { when: "wanted up", given: { flagwantup: true }, question: start },
      { when: "wanted down", given: { flagwantup: false }, effects: [never] },
    ],
    CHLD: nothing,
    UNHEALTHY: nothing,
    TERM: ends,
    HUP: ends,
    QUIT: ends,
    INT: ends,
    ...toNobody,
    o: { after: forgive, status: { flagwantup: false }, effects: [announce], question: start },
    d: wantDown,
    u: { after: forgive, status: { flagwantup: true }, effects: [announce], question: start },
    D: wantDownForGood,
    U: {
      after: forgive,
      status: { flagwantup: true },
      effects: [removeDown, announce],
      question: start,
    },
    x: ends,
    O: wantDown,
    Q: wantDownForGood,
  },
  UP: {
    TIMEOUT: runTimeout,
    CHLD: runDeath,
    UNHEALTHY: restartForHealth,
    TERM: stop({ last: true }),
    HUP: { last: true, effects: [closeStdio] },
    QUIT: ends,
    INT: interrupted,
    ...toRunningService,
    o: wantDown,
    d: stop({}),
    u: wishUp(),
    D: stop({}, createDown),
    U: wishUp(removeDown),
    x: { last: true, effects: [closeStdio] },
    O: wantDown,
    Q: wantDownForGood,
  },
  DRAIN: {
    TIMEOUT: { to: "UP", dying: true, status: { flagpaused: false }, effects: goingDown },
    CHLD: runDeath.map((row) => ({ ...row, to: "UP" })),
    UNHEALTHY: nothing,
    TERM: { last: true, ...wantDown },
    HUP: { last: true, effects: [closeStdio] },
    QUIT: ends,
    INT: interrupted,
    ...toRunningService,
    o: wantDown,
    d: { to: "UP", ...bringDown },
    u: { after: order, ...wantUp },
    D: { to: "UP", ...bringDown, effects: [createDown, ...goingDown] },
    U: { after: order, ...wantUpForGood },
    x: { last: true, effects: [closeStdio] },
    O: wantDown,
    Q: wantDownForGood,
  },
  SWEEP: {
    TIMEOUT: sweepTimeout,
    CHLD: nothing,
    UNHEALTHY: nothing,
    TERM: { last: true, effects: [closeStdio] },
    HUP: { last: true, effects: [closeStdio] },
    QUIT: ends,
    INT: ends,
    ...toNobody,
    o: wantDown,
    d: wantDown,
    u: { after: forgive, ...wantUp },
    D: wantDownForGood,
    U: { after: forgive, ...wantUpForGood },
    x: { last: true, effects: [closeStdio] },
    O: wantDown,
    Q: wantDownForGood,
  },
  FINISH: {
    TIMEOUT: finishTimeout,
    CHLD: finishDeath(false),
    UNHEALTHY: nothing,
    TERM: { last: true, effects: [closeStdio] },
    HUP: { last: true, effects: [closeStdio] },
    QUIT: ends,
    INT: interrupted,
    ...toNobody,
    o: wantDown,
    d: wantDown,
    u: { after: forgive, ...wantUp },
    D: wantDownForGood,
    U: { after: forgive, ...wantUpForGood },
    x: { last: true, effects: [closeStdio] },
    O: wantDown,
    Q: wantDownForGood,
  },
};

/** The same of a last life. */
export const LAST_TABLE: Readonly<Record<Exclude<State, "DOWN">, Row>> = {
  UP: {
    TIMEOUT: runTimeout,
    CHLD: runDeath,
    UNHEALTHY: nothing,
    TERM: stop({}),
    HUP: { effects: [closeStdio] },
    QUIT: ends,
    INT: interrupted,
    ...toRunningService,
    o: wantDown,
    d: stop({}),
    u: wantUp,
    D: stop({}, createDown),
    U: wantUpForGood,
    x: { effects: [closeStdio] },
    O: wantDown,
    Q: wantDownForGood,
  },
  DRAIN: {
    TIMEOUT: { to: "UP", dying: true, status: { flagpaused: false }, effects: goingDown },
    CHLD: runDeath.map((row) => ({ ...row, to: "UP" })),
    UNHEALTHY: nothing,
    TERM: { to: "UP", ...bringDown },
    HUP: { effects: [closeStdio] },
    QUIT: ends,
    INT: interrupted,
    ...toRunningService,
    o: wantDown,
    d: { to: "UP", ...bringDown },
    u: wantUp,
    D: { to: "UP", ...bringDown, effects: [createDown, ...goingDown] },
    U: wantUpForGood,
    x: { effects: [closeStdio] },
    O: wantDown,
    Q: wantDownForGood,
  },
  SWEEP: {
    TIMEOUT: sweepTimeout,
    CHLD: nothing,
    UNHEALTHY: nothing,
    TERM: nothing,
    HUP: { effects: [closeStdio] },
    QUIT: ends,
    INT: ends,
    ...toNobody,
    o: wantDown,
    d: wantDown,
    u: wantUp,
    D: wantDownForGood,
    U: wantUpForGood,
    x: { effects: [closeStdio] },
    O: wantDown,
    Q: wantDownForGood,
  },
  FINISH: {
    TIMEOUT: finishTimeout,
    CHLD: finishDeath(true),
    UNHEALTHY: nothing,
    TERM: nothing,
    HUP: { effects: [closeStdio] },
    QUIT: ends,
    INT: interrupted,
    ...toNobody,
    o: wantDown,
    d: wantDown,
    u: wantUp,
    D: wantDownForGood,
    U: wantUpForGood,
    x: { effects: [closeStdio] },
    O: wantDown,
    Q: wantDownForGood,
  },
};
