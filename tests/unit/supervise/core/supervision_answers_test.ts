/** What the machine decides when its questions are answered, and walks through many steps. */
import { assert, assertEquals } from "@std/assert";
import type {
  DeathFacts,
  Decision,
  Effect,
  Machine,
  Moment,
  Question,
} from "../../../../lib/supervise/core/machine.ts";
import {
  EVENTS,
  KILL_REPEAT_MS,
  newMachine,
  PERMANENT_FAILURE,
  SPAWN_RETRY_MS,
} from "../../../../lib/supervise/core/machine.ts";
import {
  NO_HISTORY,
  RESTART_INTERVAL_MS,
  USUAL_RULES,
} from "../../../../lib/supervise/core/restart_policy.ts";
import { step } from "../../../../lib/supervise/core/supervision.ts";
import {
  becameReady,
  draining,
  finishStarted,
  hopeless,
  judged,
  leftoversFound,
  leftoversGone,
  noDrain,
  noFinish,
  notStarted,
  started,
} from "../../../../lib/supervise/core/supervision_answers.ts";
import { seededRandom } from "../../core/seeded_random.ts";

const NOW: Moment = { monotonicMs: 90_000, wallclock: { sec: 0x400000006b023170n, nano: 7 } };
const EARLIER = { sec: 0x400000006b023100n, nano: 5 };

const down: Machine = {
  state: "DOWN",
  last: false,
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
  slain: false,
  unhealthy: false,
  ordered: false,
  startedMs: 39_000,
  nextStartMs: 40_000,
  history: NO_HISTORY,
  over: undefined,
};
const up: Machine = {
  ...down,
  state: "UP",
  status: { ...down.status, pid: 1234, flagpaused: false, flagready: false },
  startedMs: 89_400,
  nextStartMs: 90_400,
};
const lastUp: Machine = { ...up, last: true };

/** How a life is called in the names of tests. */
function nameOf({ state, last }: Machine): string {
  return last ? `the last ${state}` : state;
}

function assertDecision(
  decision: Decision,
  machine: Machine,
  effects: readonly Effect[],
  question?: Question,
): void {
  assertEquals(decision.effects, effects);
  assertEquals(decision.question, question);
  assertEquals(decision.machine, machine);
}

Deno.test("the times are C's: a second between starts, a minute after a failed spawn, 5 s between two SIGKILLs; 125 is permanent", () => {
  assertEquals([RESTART_INTERVAL_MS, SPAWN_RETRY_MS, KILL_REPEAT_MS, PERMANENT_FAILURE], [
    1000,
    60_000,
    5000,
    125,
  ]);
});

for (const wantup of [true, false]) {
  Deno.test(`newMachine(): down and ready, never started, wanted ${wantup ? "up" : "down"}, its first start due at once`, () => {
    assertEquals(newMachine(NOW, wantup), {
      state: "DOWN",
      last: false,
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
      slain: false,
      unhealthy: false,
      ordered: false,
      startedMs: 90_000,
      nextStartMs: 90_000,
      history: NO_HISTORY,
      over: undefined,
    });
  });
}

for (
  const [what, before] of [["never started", down], ["stopped before", {
    ...down,
    status: { ...down.status, flagpaused: false },
  }]] as const
) {
  Deno.test(`started() on DOWN, ${what}: UP, not ready, not paused, says u; the next start is a second away`, () => {
    const lived = {
      ...before,
      slain: true,
      unhealthy: false,
      ordered: true,
      over: "policy",
      history: { doublings: 2, restartsMs: [80_000] },
    } as const;
    assertDecision(started(lived, NOW, 777), {
      ...before,
      state: "UP",
      status: {
        ...before.status,
        pid: 777,
        stamp: NOW.wallclock,
        flagready: false,
        flagpaused: false,
      },
      startedMs: 90_000,
      nextStartMs: 91_000,
      history: lived.history,
    }, [{ kind: "timer", due: "never" }, { kind: "announce" }, { kind: "notify", events: "u" }]);
  });
}

Deno.test("started() on DOWN after `o`: up, and still wanted down", () => {
  const once = step(down, "o", NOW).machine;
  assertEquals(started(once, NOW, 777).machine.status.flagwantup, false);
});

Deno.test("notStarted() on DOWN: still never started; tried again after the time that is given", () => {
  assertDecision(notStarted(down, NOW, { retryMs: 60_000 }), down, [{
    kind: "timer",
    due: 150_000,
  }]);
});

Deno.test("notStarted() on DOWN, without a hope: no timer", () => {
  assertDecision(notStarted(down, NOW, { retryMs: "never" }), down, [{
    kind: "timer",
    due: "never",
  }]);
});

Deno.test("notStarted() for a reason that is known: that goes on record", () => {
  assertDecision(notStarted(down, NOW, { retryMs: 60_000, fault: "it is empty" }), down, [
    { kind: "timer", due: 150_000 },
    { kind: "explain", oom: false, delayed: false, fault: "it is empty" },
  ]);
});

for (const before of [up, lastUp]) {
  Deno.test(`becameReady() on ${nameOf(before)}: ready since now, says U; the next start stays where it was`, () => {
    assertDecision(becameReady(before, NOW), {
      ...before,
      status: { ...before.status, flagready: true, readystamp: NOW.wallclock },
    }, [{ kind: "announce" }, { kind: "notify", events: "U" }]);
  });
}

Deno.test("hopeless() on DOWN: it has ended for good without having run; says O, and takes everybody with it if it is essential", () => {
  assertDecision(hopeless(down, 127, "there is no such file"), {
    ...down,
    status: { ...down.status, flagwantup: false },
    over: "policy",
  }, [
    { kind: "timer", due: "never" },
    { kind: "announce" },
    { kind: "explain", oom: false, over: "policy", delayed: false, fault: "there is no such file" },
    { kind: "notify", events: "O" },
    { kind: "over", exitCode: 127 },
  ]);
});

for (const before of [up, lastUp]) {
  Deno.test(`draining() on ${nameOf(before)}: DRAIN, wanted down, nothing is sent before the time is over`, () => {
    assertDecision(draining(before, NOW, 3000), {
      ...before,
      state: "DRAIN",
      status: { ...before.status, flagwantup: false },
    }, [
      { kind: "announce" },
      { kind: "timer", due: 93_000 },
    ]);
  });

  Deno.test(`noDrain() on ${nameOf(before)}: the down-signal at once, timeout-kill counts`, () => {
    assertDecision(noDrain(before), {
      ...before,
      dying: true,
      status: { ...before.status, flagwantup: false },
    }, [
      { kind: "kill", group: false, signal: "down-signal" },
      { kind: "kill", group: false, signal: 18 },
      { kind: "announce" },
      { kind: "timer", due: "timeout-kill" },
    ]);
  });
}

const sweeping: Machine = { ...up, state: "SWEEP" };
const told: Machine = { ...sweeping, status: { ...sweeping.status, flagfinishing: true } };
const lastSweeping: Machine = { ...sweeping, last: true };

for (const before of [sweeping, lastSweeping]) {
  Deno.test(`leftoversFound() on ${nameOf(before)}: down, finishing with the pid that ./run had, says d; their time counts`, () => {
    assertDecision(leftoversFound(before), {
      ...before,
      status: { ...before.status, flagfinishing: true },
    }, [
      { kind: "timer", due: "leftovers" },
      { kind: "announce" },
      { kind: "notify", events: "d" },
    ]);
  });
  Deno.test(`leftoversGone() on ${nameOf(before)}: ./finish`, () =>
    assertDecision(leftoversGone(before), before, [], { kind: "finish" }));
}

Deno.test("leftoversFound() on SWEEP, once more: nothing is said twice, their time goes on", () => {
  assertDecision(leftoversFound(told), told, []);
});

for (const before of [up, lastUp, sweeping, lastSweeping]) {
  Deno.test(`finishStarted() on ${nameOf(before)}: FINISH with the script's pid, timeout-finish counts, says d`, () => {
    assertDecision(finishStarted(before, 800), {
      ...before,
      state: "FINISH",
      status: { ...before.status, pid: 800, flagfinishing: true },
    }, [{ kind: "timer", due: "timeout-finish" }, { kind: "announce" }, {
      kind: "notify",
      events: "d",
    }]);
  });
}

Deno.test("finishStarted() on SWEEP after leftovers were found and killed: d has been said", () => {
  assertDecision(finishStarted({ ...told, dying: true }, 800), {
    ...told,
    state: "FINISH",
    status: { ...told.status, pid: 800 },
  }, [{ kind: "timer", due: "timeout-finish" }, { kind: "announce" }]);
});

const downAgain = (before: Machine): Machine => ({
  ...before,
  state: "DOWN",
  status: {
    ...before.status,
    pid: 0,
    flagfinishing: false,
    flagready: true,
    readystamp: NOW.wallclock,
  },
});

const wantedDown: Machine = { ...up, status: { ...up.status, flagwantup: false } };
const longAgo: Machine = { ...up, nextStartMs: 40_000 };

const withoutFinish:
  readonly (readonly [what: string, before: Machine, due: number | "never", ends: boolean])[] = [
    [
      "UP, started less than a second ago: DOWN, the rest of the second is waited",
      up,
      90_400,
      false,
    ],
    ["UP, started long ago: DOWN, started again at once", longAgo, 90_000, false],
    ["UP, wanted down: DOWN for good", wantedDown, "never", false],
    ["the last UP: DOWN, and the supervisor ends", lastUp, 90_400, true],
  ];

for (const [what, before, due, ends] of withoutFinish) {
  Deno.test(`noFinish() on ${what}; says dD`, () => {
    const effects: Effect[] = [{ kind: "timer", due }, { kind: "announce" }, {
      kind: "notify",
      events: "dD",
    }];
    assertDecision(
      noFinish(before, NOW),
      downAgain(before),
      ends ? [...effects, { kind: "end" }] : effects,
    );
  });
}

Deno.test("noFinish() on SWEEP after leftovers were found: d has been said, D is left", () => {
  assertDecision(noFinish(told, NOW), downAgain(told), [
    { kind: "timer", due: 90_400 },
    { kind: "announce" },
    { kind: "notify", events: "D" },
  ]);
});

Deno.test("noFinish() on the last SWEEP: the supervisor ends", () => {
  assertEquals(noFinish(lastSweeping, NOW).effects.at(-1), { kind: "end" });
});

Deno.test("noFinish() on UP of a service that has ended for good: says dOD, and takes everybody with it if it is essential", () => {
  const over: Machine = { ...wantedDown, over: "max-restarts" };
  assertDecision(noFinish(over, NOW), downAgain(over), [
    { kind: "timer", due: "never" },
    { kind: "announce" },
    { kind: "notify", events: "dOD" },
    { kind: "over", exitCode: 1 },
  ]);
});

const USUAL: DeathFacts = { rules: USUAL_RULES, downSignal: 15, oom: false, killLeftovers: false };
const finish: Question = { kind: "finish" };
const explain = (rest: Partial<Extract<Effect, { kind: "explain" }>>): Effect => ({
  kind: "explain",
  oom: false,
  delayed: false,
  ...rest,
});

Deno.test("judged(), nothing special about the service or its death: ./finish, and the second after the last start stays", () => {
  assertDecision(judged(up, NOW, USUAL), up, [], finish);
});

for (const before of [up, lastUp]) {
  Deno.test(`judged() on ${nameOf(before)} with flag-kill-leftovers: SWEEP; they go before ./finish`, () => {
    assertDecision(
      judged(before, NOW, { ...USUAL, killLeftovers: true }),
      {
        ...before,
        state: "SWEEP",
      },
      [],
      { kind: "sweep", signal: 15 },
    );
  });
}

Deno.test("judged(), killed for want of memory: told, on record, restarted as ever", () => {
  const warning: Effect = {
    kind: "warn",
    text: "the service was killed by the kernel: out of memory",
  };
  assertDecision(judged(up, NOW, { ...USUAL, oom: true }), up, [
    warning,
    explain({ oom: true }),
  ], finish);
  assertDecision(judged(wantedDown, NOW, { ...USUAL, oom: true }), wantedDown, [
    warning,
    explain({ oom: true }),
  ], finish);
});

Deno.test("judged() with restart-delay: the next start is due then, which is on record", () => {
  const facts = { ...USUAL, rules: { policy: "always", delayMs: 700 } } as const;
  assertDecision(judged(up, NOW, facts), {
    ...up,
    nextStartMs: 90_700,
    history: { doublings: 1, restartsMs: [] },
  }, [
    explain({ delayed: true }),
  ], finish);
});

Deno.test("judged() with restart-policy never: ended for good, wanted down from now on", () => {
  const facts: DeathFacts = { ...USUAL, rules: { policy: "never" } };
  assertDecision(judged(up, NOW, facts), { ...wantedDown, over: "policy" }, [
    explain({ over: "policy" }),
  ], finish);
});

Deno.test("judged() with max-restarts, one too many: a warning, ended for good", () => {
  const facts: DeathFacts = {
    ...USUAL,
    rules: { policy: "always", maxRestarts: { count: 2, withinMs: 60_000 } },
  };
  const before: Machine = { ...up, history: { doublings: 0, restartsMs: [70_000, 80_000] } };
  assertDecision(judged(before, NOW, facts), {
    ...before,
    status: wantedDown.status,
    over: "max-restarts",
  }, [
    {
      kind: "warn",
      text:
        "the service dies too often (max-restarts: 2 in 60 seconds; it stays down until s6-svc -u)",
    },
    explain({ over: "max-restarts" }),
  ], finish);
});

const NEVER_AGAIN: DeathFacts = {
  ...USUAL,
  rules: { policy: "never", delayMs: 700, maxRestarts: { count: 0, withinMs: 1000 } },
};

for (
  const [what, before] of [
    ["it was told to stop", wantedDown],
    ["an administrator has asked for another life", { ...up, ordered: true }],
    ["its supervisor ends", lastUp],
  ] as const
) {
  Deno.test(`judged(), ${what}: no rule applies`, () =>
    assertDecision(judged(before, NOW, NEVER_AGAIN), before, [], finish));
}

const RULES: readonly DeathFacts["rules"][] = [
  USUAL_RULES,
  { policy: "on-failure", delayMs: 100 },
  { policy: "never" },
  { policy: "always", maxRestarts: { count: 2, withinMs: 5000 } },
];

/** Answers a question as the world might. */
function answer(
  machine: Machine,
  question: Question,
  now: Moment,
  random: (below: number) => number,
): Decision {
  switch (question.kind) {
    case "start":
      if (random(4) > 0) return started(machine, now, 2 + random(30_000));
      if (machine.status.flagwantup && random(2) === 0) return hopeless(machine, 127, "no");
      return notStarted(machine, now, { retryMs: random(2) === 0 ? "never" : 60_000 });
    case "drain":
      return random(2) === 0 ? noDrain(machine) : draining(machine, now, random(1000));
    case "death":
      return judged(machine, now, {
        rules: RULES[random(RULES.length)]!,
        downSignal: 15,
        oom: random(5) === 0,
        killLeftovers: random(2) === 0,
      });
    case "sweep":
      return random(2) === 0 ? leftoversGone(machine) : leftoversFound(machine);
    case "finish":
      return random(2) === 0 ? noFinish(machine, now) : finishStarted(machine, 2 + random(30_000));
    default:
      return question satisfies never;
  }
}

function assertSound({ state, status, over }: Machine): void {
  const what = JSON.stringify(
    status,
    (_key, value) => typeof value === "bigint" ? String(value) : value,
  );
  assertEquals(status.pid === 0, state === "DOWN", `${state} with ${what}`);
  const dead = state === "SWEEP" || state === "FINISH";
  assertEquals(status.flagfinishing, dead, `${state} with ${what}`);
  if (state === "DOWN") assert(status.flagready, `${state} with ${what}`);
  if (status.flagfinishing) {
    assert(!status.flagready && !status.flagpaused, `${state} with ${what}`);
  }
  if (over !== undefined) {
    assert(state !== "UP" && state !== "DRAIN", `${state} and over by ${over}`);
  }
}

Deno.test("100 random lives of 500 steps: pid, finishing and ready always fit the state; what ends has said so once", () => {
  const random = seededRandom(155);
  for (let life = 0; life < 100; life++) {
    let machine = newMachine(NOW, random(2) === 0);
    let ended = false;
    for (let i = 0; i < 500 && !ended; i++) {
      const now = {
        monotonicMs: 90_000 + 100 * i,
        wallclock: NOW.wallclock,
        wstat: random(0x10000),
      };
      const event = EVENTS[random(EVENTS.length)]!;
      if (["QUIT", "INT"].includes(event) && random(10) > 0) continue;
      const sweeps = machine.state === "SWEEP" && random(2) === 0;
      let decision: Decision | undefined = sweeps
        ? leftoversGone(machine)
        : step(machine, event, now);
      while (decision !== undefined) {
        machine = decision.machine;
        for (const effect of decision.effects) {
          assert(!ended, "nothing comes after the end");
          ended ||= effect.kind === "end";
        }
        const question: Question | undefined = decision.question;
        assert(question === undefined || !ended, "nothing comes after the end");
        decision = question && answer(machine, question, now, random);
      }
      assertSound(machine);
    }
  }
});
