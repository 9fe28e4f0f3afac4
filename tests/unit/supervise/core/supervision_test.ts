/**
 * step() on each of the 9 x 32 pairs of a state, in a last life too, and an event, against
 * supervision_table.ts.
 */
import { assertEquals } from "@std/assert";
import {
  COMMANDS,
  type Effect,
  type Event,
  EVENTS,
  type Machine,
  type Moment,
  type Question,
  type State,
  STATES,
} from "../../../../lib/supervise/core/machine.ts";
import { NO_HISTORY } from "../../../../lib/supervise/core/restart_policy.ts";
import { step } from "../../../../lib/supervise/core/supervision.ts";
import { type Case, type Consequence, LAST_TABLE, NOW, TABLE } from "./supervision_table.ts";

const EARLIER = { sec: 0x400000006b023100n, nano: 5 };

/**
 * Machines of a state that differ in whatever the state leaves open, so that a change shows on one
 * of them at least.
 */
function machinesIn(state: State, last: boolean): readonly Machine[] {
  const status = { stamp: EARLIER, readystamp: EARLIER, wstat: 0x0100 };
  const running = state === "UP" || state === "DRAIN";
  const sweeping = state === "SWEEP";
  const finishing = state === "FINISH";
  const pid = running || sweeping ? 1234 : finishing ? 1300 : 0;
  return [false, true].map((on) => ({
    state,
    last,
    status: {
      ...status,
      pid,
      flagfinishing: finishing || (sweeping && on),
      flagwantup: on,
      flagpaused: on && !finishing && !sweeping,
      flagready: running ? on : state === "DOWN",
    },
    dying: (state === "UP" || sweeping) && on,
    slain: on,
    unhealthy: false,
    ordered: false,
    startedMs: on ? 89_400 : 39_000,
    nextStartMs: on ? 95_000 : 40_000,
    history: on ? { doublings: 3, restartsMs: [80_000] } : NO_HISTORY,
    over: running || on ? undefined : "policy",
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
    case "explain":
      return `explains ${effect.over}`;
    case "warn":
      return "warns";
    case "announce":
    case "killTimedOut":
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

function asked(question: Question): string {
  return question.kind === "sweep" ? `sweeps with ${question.signal}` : question.kind;
}

function summary({ to, last, status = {}, effects = [], question }: Consequence): string {
  const flags = Object.entries(status).flatMap(([key, value]) =>
    typeof value === "boolean" ? [`${key} ${value}`] : []
  );
  const words = [
    ...(to === undefined ? [] : [`goes ${to}`]),
    ...(last === true ? ["lives for the last time"] : []),
    ...flags,
    ...effects.map(told),
    ...(question === undefined ? [] : [asked(question)]),
  ];
  return words.length === 0 ? "nothing" : words.join(", ");
}

function check(
  before: Machine,
  event: Event,
  now: Moment,
  { to, last, dying, after: changes, status, effects = [], question }: Consequence,
): void {
  const after = step(before, event, now);
  assertEquals(after.effects, effects);
  assertEquals(after.question, question);
  assertEquals(after.machine, {
    ...before,
    state: to ?? before.state,
    last: last ?? before.last,
    dying: dying ?? before.dying,
    ...changes?.(before),
    status: { ...before.status, ...status },
  });
}

function isCases(entry: Consequence | readonly Case[]): entry is readonly Case[] {
  return Array.isArray(entry);
}

const LIVES = [
  ...STATES.map((state) => ({ state, last: false, name: state, row: TABLE[state] })),
  ...STATES.flatMap((state) =>
    state === "DOWN"
      ? []
      : [{ state, last: true, name: `the last ${state}`, row: LAST_TABLE[state] }]
  ),
];

for (const { state, last, name, row } of LIVES) {
  for (const event of EVENTS) {
    const entry = row[event];
    if (isCases(entry)) {
      for (const { when, machine, given, wstat, ...consequence } of entry) {
        Deno.test(`step() on ${name}: ${event} ${when}: ${summary(consequence)}`, () => {
          const now = wstat === undefined ? NOW : { ...NOW, wstat };
          for (const before of machinesIn(state, last)) {
            check(
              { ...before, ...machine, status: { ...before.status, ...given } },
              event,
              now,
              consequence,
            );
          }
        });
      }
    } else {
      Deno.test(`step() on ${name}: ${event}: ${summary(entry)}`, () => {
        for (const before of machinesIn(state, last)) check(before, event, NOW, entry);
      });
    }
  }
}

Deno.test("EVENTS x STATES, with those of a last life, are 288 pairs, and the tables have each", () => {
  assertEquals(LIVES.length * EVENTS.length, 288);
  assertEquals(LIVES.flatMap(({ row }) => Object.keys(row)).length, 288);
});

Deno.test("COMMANDS: the letters of a control FIFO, each of them an event", () => {
  assertEquals(COMMANDS, "abqhkti12pcyrlPCKoduDUxOQ");
  assertEquals(
    [...COMMANDS].filter((letter) => !(EVENTS as readonly string[]).includes(letter)),
    [],
  );
});
