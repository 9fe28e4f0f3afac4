/**
 * Each of the 5 x 31 pairs of state and event, written out from the matrix of s6-supervise.c (s6 2.15.1) and not from ours.
 *
 * Ours on purpose: `Q` works; a service that was never started stays paused until a start succeeds; the next start counts from the last one.
 * The moment of a timer that would find a service which is not wanted up is "never", since C's finds nothing to do.
 */
import { assertEquals } from "@std/assert";
import {
  COMMANDS,
  type Effect,
  type Event,
  EVENTS,
  type Machine,
  type Moment,
  type State,
  STATES,
  step,
} from "../../../lib/core/supervision.ts";
import type { Svstatus } from "../../../lib/core/svstatus.ts";

const EARLIER = { sec: 0x400000006b023100n, nano: 5 };
const NOW: Moment = { monotonicMs: 90_000, wallclock: { sec: 0x400000006b023170n, nano: 7 } };
const EXIT_3 = 0x0300;
const EXIT_125 = 0x7d00;
/** The upper byte means nothing when a signal killed it. */
const SIGKILL_AND_125 = 0x7d09;

/** What an event does. What is not named stays as it was. */
interface Outcome {
  readonly to?: State;
  readonly dying?: boolean;
  readonly status?: Partial<Svstatus>;
  readonly effects?: readonly Effect[];
}

/** An outcome that hangs on more than the state. */
interface Case extends Outcome {
  readonly when: string;
  readonly machine?: Partial<Machine>;
  readonly given?: Partial<Svstatus>;
  readonly wstat?: number;
}

const nothing: Outcome = {};
const end: Effect = { kind: "end" };
const start: Effect = { kind: "start" };
const announce: Effect = { kind: "announce" };
const createDown: Effect = { kind: "createDown" };
const removeDown: Effect = { kind: "removeDown" };
const closeStdio: Effect = { kind: "closeStdio" };
const over: Effect = { kind: "over" };
const never: Effect = { kind: "timer", due: "never" };
const process = (signal: number | "down-signal" | "reload-signal"): Effect => ({ kind: "kill", group: false, signal });
const group = (signal: number): Effect => ({ kind: "kill", group: true, signal });
const timer = (due: number): Effect => ({ kind: "timer", due });
const notify = (events: string): Effect => ({ kind: "notify", events });

const send = (signal: number | "down-signal" | "reload-signal"): Outcome => ({ effects: [process(signal)] });
const ends: Outcome = { effects: [end] };
const interrupted: Outcome = { effects: [group(2), end] };
const wantDown: Outcome = { status: { flagwantup: false }, effects: [announce] };
const wantUp: Outcome = { status: { flagwantup: true }, effects: [announce] };
const wantDownForGood: Outcome = { status: { flagwantup: false }, effects: [createDown, announce] };
const wantUpForGood: Outcome = { status: { flagwantup: true }, effects: [removeDown, announce] };

const goingDown = [process("down-signal"), process(18), announce, { kind: "timer", due: "timeout-kill" }] as const;
const bringDown: Outcome = { dying: true, status: { flagwantup: false, flagpaused: false }, effects: goingDown };
const bringDownForGood: Outcome = { ...bringDown, effects: [createDown, ...goingDown] };

const toRunningService = {
  a: send(14),
  b: send(6),
  q: send(3),
  h: send(1),
  k: send(9),
  t: send(15),
  i: send(2),
  "1": send(10),
  "2": send(12),
  p: { status: { flagpaused: true }, effects: [process(19), announce] },
  c: { status: { flagpaused: false }, effects: [process(18), announce] },
  y: send(28),
  r: send("down-signal"),
  l: send("reload-signal"),
  P: { status: { flagpaused: true }, effects: [group(19), announce] },
  C: { status: { flagpaused: false }, effects: [group(18), announce] },
  K: { effects: [group(9)] },
} as const satisfies Partial<Record<Event, Outcome>>;

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
} as const satisfies Partial<Record<Event, Outcome>>;

const runTimeout: readonly Case[] = [
  {
    when: "after the down-signal",
    machine: { dying: true },
    status: { flagpaused: false },
    effects: [{ kind: "killTimedOut" }, announce, timer(95_000)],
  },
  {
    when: "though nothing was due",
    machine: { dying: false },
    effects: [never, { kind: "warn", text: "a timer ran out while the service is up and nothing was due" }],
  },
];

const runDeath: readonly Case[] = [{
  when: "by itself",
  wstat: EXIT_3,
  dying: false,
  status: { stamp: NOW.wallclock, wstat: EXIT_3, flagpaused: false, flagready: false },
  effects: [{ kind: "finish" }],
}, {
  when: "by SIGKILL",
  wstat: 9,
  dying: false,
  status: { stamp: NOW.wallclock, wstat: 9, flagpaused: false, flagready: false },
  effects: [{ kind: "finish" }],
}];

// C says `paused: no` in the status once more; it said so when the service died.
const finishTimeout: Outcome = {
  effects: [
    { kind: "warn", text: "finish script lifetime reached maximum value - sending it a SIGKILL" },
    process(18),
    process(9),
    timer(95_000),
  ],
};

const nowDown: Partial<Svstatus> = { pid: 0, flagfinishing: false, flagready: true, readystamp: NOW.wallclock };

const finishDeath: readonly (Case & { readonly effects: readonly Effect[] })[] = [
  {
    when: "wanted up, within a second after the last start",
    given: { flagwantup: true },
    machine: { nextStartMs: 90_400 },
    wstat: EXIT_3,
    to: "DOWN",
    status: nowDown,
    effects: [timer(90_400), announce, notify("D")],
  },
  {
    when: "wanted up, the last start is long ago",
    given: { flagwantup: true },
    machine: { nextStartMs: 40_000 },
    wstat: 0,
    to: "DOWN",
    status: nowDown,
    effects: [timer(90_000), announce, notify("D")],
  },
  {
    when: "wanted down",
    given: { flagwantup: false },
    wstat: 0,
    to: "DOWN",
    status: nowDown,
    effects: [never, announce, notify("D")],
  },
  {
    when: "with 125, a permanent failure",
    given: { flagwantup: true },
    wstat: EXIT_125,
    to: "DOWN",
    status: { ...nowDown, flagwantup: false },
    effects: [never, announce, notify("OD"), over],
  },
  {
    when: "with 125 of a service that was told to stop",
    given: { flagwantup: false },
    wstat: EXIT_125,
    to: "DOWN",
    status: nowDown,
    effects: [never, announce, notify("OD")],
  },
  {
    when: "by a signal, whatever the byte of the exit code holds",
    given: { flagwantup: true },
    machine: { nextStartMs: 40_000 },
    wstat: SIGKILL_AND_125,
    to: "DOWN",
    status: nowDown,
    effects: [timer(90_000), announce, notify("D")],
  },
];

const TABLE: Readonly<Record<State, Readonly<Record<Event, Outcome | readonly Case[]>>>> = {
  DOWN: {
    TIMEOUT: [
      { when: "wanted up", given: { flagwantup: true }, effects: [start] },
      { when: "wanted down", given: { flagwantup: false }, effects: [never] },
    ],
    CHLD: nothing,
    TERM: ends,
    HUP: ends,
    QUIT: ends,
    INT: ends,
    ...toNobody,
    o: { status: { flagwantup: false }, effects: [announce, start] },
    d: wantDown,
    u: { status: { flagwantup: true }, effects: [announce, start] },
    D: wantDownForGood,
    U: { status: { flagwantup: true }, effects: [removeDown, announce, start] },
    x: ends,
    O: wantDown,
    Q: wantDownForGood,
  },
  UP: {
    TIMEOUT: runTimeout,
    CHLD: runDeath,
    TERM: { to: "LASTUP", ...bringDown },
    HUP: { to: "LASTUP", effects: [closeStdio] },
    QUIT: ends,
    INT: interrupted,
    ...toRunningService,
    o: wantDown,
    d: bringDown,
    u: wantUp,
    D: bringDownForGood,
    U: wantUpForGood,
    x: { to: "LASTUP", effects: [closeStdio] },
    O: wantDown,
    Q: wantDownForGood,
  },
  FINISH: {
    TIMEOUT: finishTimeout,
    CHLD: finishDeath,
    TERM: { to: "LASTFINISH", effects: [closeStdio] },
    HUP: { to: "LASTFINISH", effects: [closeStdio] },
    QUIT: ends,
    INT: interrupted,
    ...toNobody,
    o: wantDown,
    d: wantDown,
    u: wantUp,
    D: wantDownForGood,
    U: wantUpForGood,
    x: { to: "LASTFINISH", effects: [closeStdio] },
    O: wantDown,
    Q: wantDownForGood,
  },
  LASTUP: {
    TIMEOUT: runTimeout,
    CHLD: runDeath,
    TERM: bringDown,
    HUP: { effects: [closeStdio] },
    QUIT: ends,
    INT: interrupted,
    ...toRunningService,
    o: wantDown,
    d: bringDown,
    u: wantUp,
    D: bringDownForGood,
    U: wantUpForGood,
    x: { effects: [closeStdio] },
    O: wantDown,
    Q: wantDownForGood,
  },
  LASTFINISH: {
    TIMEOUT: finishTimeout,
    CHLD: finishDeath.map((row) => ({ ...row, effects: [...row.effects, end] })),
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

/** Machines of a state that differ in whatever the state leaves open, so that a change shows on one of them at least. */
function machinesIn(state: State): readonly Machine[] {
  const status = { stamp: EARLIER, readystamp: EARLIER, wstat: 0x0100 };
  const running = state === "UP" || state === "LASTUP";
  const finishing = state === "FINISH" || state === "LASTFINISH";
  const pid = running ? 1234 : finishing ? 1300 : 0;
  return [false, true].map((on) => ({
    state,
    status: {
      ...status,
      pid,
      flagfinishing: finishing,
      flagwantup: on,
      flagpaused: on && !finishing,
      flagready: running ? on : !finishing,
    },
    dying: running && on,
    nextStartMs: on ? 90_400 : 40_000,
  }));
}

function told(effect: Effect): string {
  switch (effect.kind) {
    case "kill":
      return `${effect.signal}${effect.group ? " to the group" : ""}`;
    case "notify":
      return `says ${effect.events}`;
    case "timer":
      return `timer ${effect.due}`;
    case "warn":
      return "warns";
    case "announce":
    case "killTimedOut":
    case "start":
    case "finish":
    case "createDown":
    case "removeDown":
    case "closeStdio":
    case "over":
    case "end":
      return effect.kind;
    default:
      return effect satisfies never;
  }
}

function summary({ to, status = {}, effects = [] }: Outcome): string {
  const flags = Object.entries(status).flatMap(([key, value]) => typeof value === "boolean" ? [`${key} ${value}`] : []);
  const words = [...(to === undefined ? [] : [`goes ${to}`]), ...flags, ...effects.map(told)];
  return words.length === 0 ? "nothing" : words.join(", ");
}

function check(before: Machine, event: Event, now: Moment, { to, dying, status, effects = [] }: Outcome): void {
  const after = step(before, event, now);
  assertEquals(after.effects, effects);
  assertEquals(after.machine, {
    ...before,
    state: to ?? before.state,
    dying: dying ?? before.dying,
    status: { ...before.status, ...status },
  });
}

function isCases(entry: Outcome | readonly Case[]): entry is readonly Case[] {
  return Array.isArray(entry);
}

for (const state of STATES) {
  for (const event of EVENTS) {
    const entry = TABLE[state][event];
    if (isCases(entry)) {
      for (const { when, machine, given, wstat, ...outcome } of entry) {
        Deno.test(`step() on ${state}: ${event} ${when}: ${summary(outcome)}`, () => {
          const now = wstat === undefined ? NOW : { ...NOW, wstat };
          for (const before of machinesIn(state)) {
            check({ ...before, ...machine, status: { ...before.status, ...given } }, event, now, outcome);
          }
        });
      }
    } else {
      Deno.test(`step() on ${state}: ${event}: ${summary(entry)}`, () => {
        for (const before of machinesIn(state)) check(before, event, NOW, entry);
      });
    }
  }
}

Deno.test("EVENTS x STATES are 155 pairs, and the table has each", () => {
  assertEquals(STATES.length * EVENTS.length, 155);
  assertEquals(STATES.flatMap((state) => Object.keys(TABLE[state])).length, 155);
});

Deno.test("COMMANDS: the letters of a control FIFO, each of them an event", () => {
  assertEquals(COMMANDS, "abqhkti12pcyrlPCKoduDUxOQ");
  assertEquals([...COMMANDS].filter((letter) => !(EVENTS as readonly string[]).includes(letter)), []);
});
