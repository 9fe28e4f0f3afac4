/** step() of a service's health: each phase with each event, and what a row of checks leads to. */
import { assert, assertEquals } from "@std/assert";
import {
  type CheckOutcome,
  type HealthEffect,
  type HealthEvent,
  type HealthMachine,
  type HealthMoment,
  type HealthRules,
  newHealth,
  step,
} from "../../../../lib/health/core/health_machine.ts";

const RULES: HealthRules = {
  intervalMs: 10_000,
  timeoutMs: 2000,
  retries: 3,
  startPeriodMs: 10_000,
  startIntervalMs: 1000,
  reaction: "none",
};

/** In the middle of what chance may do. */
function at(monotonicMs: number, random = 0.5): HealthMoment {
  return { monotonicMs, wallclock: { sec: BigInt(monotonicMs), nano: 0 }, random };
}

const fresh = newHealth(RULES, at(0));
const healthy: HealthMachine = { ...fresh, state: "healthy" };
const SUCCESS: HealthEvent = { kind: "end", outcome: { kind: "success" } };
const FAILURE: HealthEvent = { kind: "end", outcome: { kind: "failure", why: "exit code 1" } };

function told(effect: HealthEffect): string {
  switch (effect.kind) {
    case "timer":
      return effect.atMs === undefined ? "no timer" : `timer ${effect.atMs}`;
    case "notify":
      return `says ${effect.event}`;
    case "warn":
      return `warns ${effect.text}`;
    case "react":
      return effect.reaction;
    default:
      return effect.kind;
  }
}

/** The phase afterwards, then the effects. */
function outcomeOf(machine: HealthMachine, event: HealthEvent, now = at(60_000)): string[] {
  const after = step(machine, event, now);
  return [after.machine.phase, ...after.effects.map(told)];
}

const start: HealthEvent = { kind: "start" };
const ready: HealthEvent = { kind: "ready" };
const timeout: HealthEvent = { kind: "timeout" };
const gone: HealthEvent = { kind: "gone" };
const pause: HealthEvent = { kind: "pause" };
const resume: HealthEvent = { kind: "resume" };
const stop: HealthEvent = { kind: "stop" };

const MATRIX: readonly (readonly [
  HealthMachine["phase"],
  ...(readonly [HealthEvent, readonly string[]])[],
])[] = [
  [
    "OFF",
    [start, ["WAITING", "record", "timer 60550"]],
    [ready, ["OFF"]],
    [timeout, ["OFF"]],
    [SUCCESS, ["OFF"]],
    [gone, ["OFF"]],
    [pause, ["OFF"]],
    [resume, ["WAITING", "timer 70000"]],
    [stop, ["OFF"]],
  ],
  [
    "WAITING",
    [start, ["WAITING", "no timer", "record", "timer 60550"]],
    [ready, ["WAITING"]],
    [timeout, ["CHECKING", "timer 62000", "check"]],
    [SUCCESS, ["WAITING"]],
    [gone, ["WAITING"]],
    [pause, ["OFF", "no timer"]],
    [resume, ["WAITING"]],
    [stop, ["OFF", "no timer"]],
  ],
  [
    "CHECKING",
    [start, ["WAITING", "no timer", "giveUp", "record", "timer 60550"]],
    [ready, ["CHECKING"]],
    [timeout, ["WAITING", "record", "giveUp", "timer 70000"]],
    [SUCCESS, ["WAITING", "timer 70000"]],
    [FAILURE, ["WAITING", "record", "timer 70000"]],
    [gone, ["CHECKING"]],
    [pause, ["OFF", "no timer", "giveUp"]],
    [resume, ["CHECKING"]],
    [stop, ["OFF", "no timer", "giveUp"]],
  ],
  [
    "BLOCKED",
    [start, ["WAITING", "no timer", "record", "timer 60550"]],
    [ready, ["BLOCKED"]],
    [timeout, ["BLOCKED"]],
    [SUCCESS, ["BLOCKED"]],
    [gone, ["CHECKING", "timer 62000", "check"]],
    [pause, ["OFF", "no timer"]],
    [resume, ["BLOCKED"]],
    [stop, ["OFF", "no timer"]],
  ],
];

for (const [phase, ...row] of MATRIX) {
  for (const [event, expected] of row) {
    const name = event.kind === "end" ? `end with ${event.outcome.kind}` : event.kind;
    Deno.test(`health on ${phase}: ${name}: ${expected.join(", ")}`, () => {
      const lingers = phase === "BLOCKED";
      assertEquals(outcomeOf({ ...healthy, phase, lingers }, event), expected);
    });
  }
}

Deno.test("health: a check that was given up and is not gone holds back the next one", () => {
  const given = step({ ...healthy, phase: "CHECKING" }, stop, at(60_000)).machine;
  const next = step(given, start, at(61_000)).machine;
  assertEquals(outcomeOf(next, timeout), ["BLOCKED", "no timer"]);
  const free = step(next, gone, at(61_500)).machine;
  assertEquals(outcomeOf(free, timeout), ["CHECKING", "timer 62000", "check"]);
});

/** Checks one after the other, as they end. */
function afterChecks(
  rules: Partial<HealthRules>,
  checks: readonly (readonly [atMs: number, outcome: CheckOutcome["kind"]])[],
): { readonly machine: HealthMachine; readonly told: readonly string[] } {
  let machine = step(newHealth({ ...RULES, ...rules }, at(0)), start, at(0)).machine;
  const all: string[] = [];
  for (const [atMs, kind] of checks) {
    const outcome: CheckOutcome = kind === "success" ? { kind } : { kind, why: "exit code 1" };
    const event = { kind: "end", outcome } as const;
    const { machine: after, effects } = step({ ...machine, phase: "CHECKING" }, event, at(atMs));
    machine = after;
    all.push(...effects.filter(({ kind }) => kind !== "timer" && kind !== "record").map(told));
  }
  return { machine, told: all };
}

const f = "failure";
const s = "success";
const SAID = "warns the service is unhealthy: exit code 1, 3 times in a row";
const ROWS: readonly (readonly [
  what: string,
  Partial<HealthRules>,
  readonly (readonly [number, CheckOutcome["kind"]])[],
  HealthMachine["state"],
  failures: number,
  told: readonly string[],
])[] = [
  ["nothing yet", {}, [], "starting", 0, []],
  ["a success", {}, [[1000, s]], "healthy", 0, ["says H"]],
  ["failures in the start period don't count", {}, [[1000, f], [9999, f]], "starting", 0, []],
  ["from its end they count", {}, [[10_000, f], [20_000, f]], "starting", 2, []],
  ["as many as retries", {}, [[10_000, f], [20_000, f], [30_000, f]], "unhealthy", 3, [
    "says h",
    SAID,
  ]],
  [
    "a success in between begins anew",
    {},
    [[10_000, f], [20_000, f], [21_000, s], [30_000, f]],
    "healthy",
    1,
    ["says H"],
  ],
  [
    "after a success the start period is over",
    { retries: 1 },
    [[1000, s], [2000, f]],
    "unhealthy",
    1,
    [
      "says H",
      "says h",
      "warns the service is unhealthy: exit code 1",
    ],
  ],
  ["no start period", { startPeriodMs: 0, retries: 1 }, [[1000, f]], "unhealthy", 1, [
    "says h",
    "warns the service is unhealthy: exit code 1",
  ]],
  [
    "unhealthy is told once",
    { retries: 1, startPeriodMs: 0 },
    [[1, f], [2, f], [3, f]],
    "unhealthy",
    3,
    [
      "says h",
      "warns the service is unhealthy: exit code 1",
    ],
  ],
  [
    "unhealthy, and healthy again",
    { retries: 1, startPeriodMs: 0 },
    [[1, f], [2, s]],
    "healthy",
    0,
    [
      "says h",
      "warns the service is unhealthy: exit code 1",
      "says H",
      "warns the service is healthy again",
    ],
  ],
  [
    "restart",
    { retries: 1, startPeriodMs: 0, reaction: "restart" },
    [[1, f], [2, f]],
    "unhealthy",
    2,
    [
      "says h",
      "warns the service is unhealthy: exit code 1 (restarting it)",
      "restart",
    ],
  ],
  ["essential", { retries: 1, startPeriodMs: 0, reaction: "essential" }, [[1, f]], "unhealthy", 1, [
    "says h",
    "warns the service is unhealthy: exit code 1 (stopping everything: on-unhealthy is essential)",
    "essential",
  ]],
  [
    "what could not be checked counts as nothing, and is told once",
    { startPeriodMs: 0, retries: 2 },
    [[1, f], [2, "unable"], [3, "unable"]],
    "starting",
    1,
    [
      "warns unable to check its health: exit code 1 (trying again)",
    ],
  ],
];

for (const [what, rules, checks, state, failures, expected] of ROWS) {
  Deno.test(`health: ${what}: ${state}`, () => {
    const { machine, told } = afterChecks(rules, checks);
    assertEquals([machine.state, machine.failures], [state, failures]);
    assertEquals(told, expected);
  });
}

Deno.test("health: until the first success of a start the start interval counts, then the interval", () => {
  const checking: HealthMachine = { ...fresh, phase: "CHECKING" };
  assertEquals(outcomeOf(checking, FAILURE, at(3000)).at(-1), "timer 4000");
  assertEquals(outcomeOf(checking, SUCCESS, at(3000)).at(-1), "timer 13000");
  assertEquals(outcomeOf(checking, FAILURE, at(10_000)).at(-1), "timer 20000");
});

Deno.test("health: chance moves a check by a tenth of its interval, and the first one within the start interval", () => {
  const checking: HealthMachine = { ...healthy, phase: "CHECKING" };
  const first = [0, 0.999].map((random) => outcomeOf(fresh, start, at(0, random)).at(-1));
  const next = [0, 0.999].map((random) => outcomeOf(checking, SUCCESS, at(0, random)).at(-1));
  assertEquals(first, ["timer 100", "timer 999"]);
  assertEquals(next, ["timer 9000", "timer 10998"]);
});

Deno.test("health: a service that tells that it is ready is checked soon, unless it is healthy already", () => {
  assertEquals(outcomeOf({ ...fresh, phase: "WAITING" }, ready, at(300)), [
    "WAITING",
    "timer 350",
  ]);
});

Deno.test("health: a check that takes too long has failed, in the words of its limit", () => {
  const rules = { ...RULES, retries: 1 };
  const { machine } = step({ ...healthy, rules, phase: "CHECKING" }, timeout, at(60_000));
  assertEquals(machine.failure, { why: "no end within 2s" });
  assert(machine.lingers);
});

Deno.test("health: a new life begins without the failures of the last one", () => {
  const before: HealthMachine = { ...healthy, state: "unhealthy", failures: 4 };
  const { machine } = step(before, start, at(60_000));
  assertEquals([machine.state, machine.failures, machine.startedMs], ["starting", 0, 60_000]);
});
