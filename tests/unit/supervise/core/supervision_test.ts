/** step() on each of the 9 x 31 pairs of state and event, against supervision_table.ts. */
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
} from "../../../../lib/supervise/core/machine.ts";
import { NO_HISTORY } from "../../../../lib/supervise/core/restart_policy.ts";
import { step } from "../../../../lib/supervise/core/supervision.ts";
import { type Case, NOW, type Outcome, TABLE } from "./supervision_table.ts";

const EARLIER = { sec: 0x400000006b023100n, nano: 5 };

/**
 * Machines of a state that differ in whatever the state leaves open, so that a change shows on one
 * of them at least.
 */
function machinesIn(state: State): readonly Machine[] {
  const status = { stamp: EARLIER, readystamp: EARLIER, wstat: 0x0100 };
  const running = ["UP", "LASTUP", "DRAIN", "LASTDRAIN"].includes(state);
  const sweeping = state === "SWEEP" || state === "LASTSWEEP";
  const finishing = state === "FINISH" || state === "LASTFINISH";
  const pid = running || sweeping ? 1234 : finishing ? 1300 : 0;
  return [false, true].map((on) => ({
    state,
    status: {
      ...status,
      pid,
      flagfinishing: finishing || (sweeping && on),
      flagwantup: on,
      flagpaused: on && !finishing && !sweeping,
      flagready: running ? on : state === "DOWN",
    },
    dying: (state === "UP" || state === "LASTUP" || sweeping) && on,
    slain: on,
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
    case "sweep":
      return `sweeps with ${effect.signal}`;
    case "explain":
      return `explains ${effect.over}`;
    case "warn":
      return "warns";
    case "announce":
    case "killTimedOut":
    case "start":
    case "drain":
    case "death":
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
  const flags = Object.entries(status).flatMap(([key, value]) =>
    typeof value === "boolean" ? [`${key} ${value}`] : []
  );
  const words = [...(to === undefined ? [] : [`goes ${to}`]), ...flags, ...effects.map(told)];
  return words.length === 0 ? "nothing" : words.join(", ");
}

function check(
  before: Machine,
  event: Event,
  now: Moment,
  { to, dying, after: changes, status, effects = [] }: Outcome,
): void {
  const after = step(before, event, now);
  assertEquals(after.effects, effects);
  assertEquals(after.machine, {
    ...before,
    state: to ?? before.state,
    dying: dying ?? before.dying,
    ...changes?.(before),
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
            check(
              { ...before, ...machine, status: { ...before.status, ...given } },
              event,
              now,
              outcome,
            );
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

Deno.test("EVENTS x STATES are 279 pairs, and the table has each", () => {
  assertEquals(STATES.length * EVENTS.length, 279);
  assertEquals(STATES.flatMap((state) => Object.keys(TABLE[state])).length, 279);
});

Deno.test("COMMANDS: the letters of a control FIFO, each of them an event", () => {
  assertEquals(COMMANDS, "abqhkti12pcyrlPCKoduDUxOQ");
  assertEquals(
    [...COMMANDS].filter((letter) => !(EVENTS as readonly string[]).includes(letter)),
    [],
  );
});
