/** What the machine makes of the outcomes of its own effects, and walks through many steps. */
import { assert, assertEquals } from "@std/assert";
import {
  becameReady,
  type Decision,
  type Effect,
  EVENTS,
  finishStarted,
  KILL_REPEAT_MS,
  type Machine,
  type Moment,
  newMachine,
  noFinish,
  notStarted,
  PERMANENT_FAILURE,
  RESTART_INTERVAL_MS,
  SPAWN_RETRY_MS,
  started,
  step,
} from "../../../lib/core/supervision.ts";
import { seededRandom } from "./seeded_random.ts";

const NOW: Moment = { monotonicMs: 90_000, wallclock: { sec: 0x400000006b023170n, nano: 7 } };
const EARLIER = { sec: 0x400000006b023100n, nano: 5 };

const down: Machine = {
  state: "DOWN",
  status: {
    stamp: EARLIER,
    readystamp: EARLIER,
    pid: 0,
    wstat: 0x0100,
    flagpaused: true,
    flagfinishing: false,
    flagwantup: true,
    flagready: true,
  },
  dying: false,
  nextStartMs: 40_000,
};
const up: Machine = {
  ...down,
  state: "UP",
  status: { ...down.status, pid: 1234, flagpaused: false, flagready: false },
  nextStartMs: 90_400,
};
const lastUp: Machine = { ...up, state: "LASTUP" };

function assertDecision(decision: Decision, machine: Machine, effects: readonly Effect[]): void {
  assertEquals(decision.effects, effects);
  assertEquals(decision.machine, machine);
}

Deno.test("the times are C's: a second between starts, a minute after a failed spawn, 5 s between two SIGKILLs; 125 is permanent", () => {
  assertEquals([RESTART_INTERVAL_MS, SPAWN_RETRY_MS, KILL_REPEAT_MS, PERMANENT_FAILURE], [1000, 60_000, 5000, 125]);
});

for (const wantup of [true, false]) {
  Deno.test(`newMachine(): down and ready, never started, wanted ${wantup ? "up" : "down"}, its first start due at once`, () => {
    assertEquals(newMachine(NOW, wantup), {
      state: "DOWN",
      status: {
        stamp: NOW.wallclock,
        readystamp: NOW.wallclock,
        pid: 0,
        wstat: 0,
        flagpaused: true,
        flagfinishing: false,
        flagwantup: wantup,
        flagready: true,
      },
      dying: false,
      nextStartMs: 90_000,
    });
  });
}

for (
  const [what, before] of [["never started", down], ["stopped before", { ...down, status: { ...down.status, flagpaused: false } }]] as const
) {
  Deno.test(`started() on DOWN, ${what}: UP, not ready, not paused, says u; the next start is a second away`, () => {
    assertDecision(started(before, NOW, 777), {
      ...before,
      state: "UP",
      status: { ...before.status, pid: 777, stamp: NOW.wallclock, flagready: false, flagpaused: false },
      nextStartMs: 91_000,
    }, [{ kind: "timer", due: "never" }, { kind: "announce" }, { kind: "notify", events: "u" }]);
  });
}

Deno.test("started() on DOWN after `o`: up, and still wanted down", () => {
  const once = step(down, "o", NOW).machine;
  assertEquals(started(once, NOW, 777).machine.status.flagwantup, false);
});

Deno.test("notStarted() on DOWN: still never started; tried again after the time that is given", () => {
  assertDecision(notStarted(down, NOW, 60_000), down, [{ kind: "timer", due: 150_000 }]);
});

Deno.test("notStarted() on DOWN, without a hope: no timer", () => {
  assertDecision(notStarted(down, NOW, "never"), down, [{ kind: "timer", due: "never" }]);
});

for (const before of [up, lastUp]) {
  Deno.test(`becameReady() on ${before.state}: ready since now, says U; the next start stays where it was`, () => {
    assertDecision(becameReady(before, NOW), {
      ...before,
      status: { ...before.status, flagready: true, readystamp: NOW.wallclock },
    }, [{ kind: "announce" }, { kind: "notify", events: "U" }]);
  });
}

for (const [before, state] of [[up, "FINISH"], [lastUp, "LASTFINISH"]] as const) {
  Deno.test(`finishStarted() on ${before.state}: ${state} with the script's pid, timeout-finish counts, says d`, () => {
    assertDecision(finishStarted(before, 800), {
      ...before,
      state,
      status: { ...before.status, pid: 800, flagfinishing: true },
    }, [{ kind: "timer", due: "timeout-finish" }, { kind: "announce" }, { kind: "notify", events: "d" }]);
  });
}

const downAgain = (before: Machine): Machine => ({
  ...before,
  state: "DOWN",
  status: { ...before.status, pid: 0, flagready: true, readystamp: NOW.wallclock },
});

const wantedDown: Machine = { ...up, status: { ...up.status, flagwantup: false } };
const longAgo: Machine = { ...up, nextStartMs: 40_000 };

const withoutFinish: readonly (readonly [what: string, before: Machine, due: number | "never", ends: boolean])[] = [
  ["UP, started less than a second ago: DOWN, the rest of the second is waited", up, 90_400, false],
  ["UP, started long ago: DOWN, started again at once", longAgo, 90_000, false],
  ["UP, wanted down: DOWN for good", wantedDown, "never", false],
  ["LASTUP: DOWN, and the supervisor ends", lastUp, 90_400, true],
];

for (const [what, before, due, ends] of withoutFinish) {
  Deno.test(`noFinish() on ${what}; says dD`, () => {
    const effects: Effect[] = [{ kind: "timer", due }, { kind: "announce" }, { kind: "notify", events: "dD" }];
    assertDecision(noFinish(before, NOW), downAgain(before), ends ? [...effects, { kind: "end" }] : effects);
  });
}

/** Answers an effect that has an outcome as the world might. */
function answer(machine: Machine, effect: Effect, now: Moment, random: (below: number) => number): Decision | undefined {
  if (effect.kind === "start") {
    return random(4) === 0 ? notStarted(machine, now, random(2) === 0 ? "never" : 60_000) : started(machine, now, 2 + random(30_000));
  }
  if (effect.kind === "finish") return random(2) === 0 ? noFinish(machine, now) : finishStarted(machine, 2 + random(30_000));
  return undefined;
}

function assertSound({ state, status }: Machine): void {
  const what = JSON.stringify(status, (_key, value) => typeof value === "bigint" ? String(value) : value);
  assertEquals(status.pid === 0, state === "DOWN", `${state} with ${what}`);
  assertEquals(status.flagfinishing, state === "FINISH" || state === "LASTFINISH", `${state} with ${what}`);
  if (state === "DOWN") assert(status.flagready, `${state} with ${what}`);
  if (status.flagfinishing) assert(!status.flagready && !status.flagpaused, `${state} with ${what}`);
}

Deno.test("100 random lives of 500 steps: pid, finishing and ready always fit the state; what ends has said so once", () => {
  const random = seededRandom(155);
  for (let life = 0; life < 100; life++) {
    let machine = newMachine(NOW, random(2) === 0);
    let ended = false;
    for (let i = 0; i < 500 && !ended; i++) {
      const now = { monotonicMs: 90_000 + 100 * i, wallclock: NOW.wallclock, wstat: random(0x10000) };
      const event = EVENTS[random(EVENTS.length)]!;
      if (["QUIT", "INT"].includes(event) && random(10) > 0) continue;
      const queue = [step(machine, event, now)];
      for (let decision = queue.shift(); decision !== undefined; decision = queue.shift()) {
        machine = decision.machine;
        for (const effect of decision.effects) {
          assert(!ended, "nothing comes after the end");
          ended ||= effect.kind === "end";
          const next = answer(machine, effect, now, random);
          if (next !== undefined) queue.push(next);
        }
      }
      assertSound(machine);
    }
  }
});
