/**
 * The health of one running service: pure, one visible matrix of phases and events, decisions
 * returned as data.
 *
 * | phase | meaning |
 * |---|---|
 * | OFF | the service is down, paused or told to stop: nothing is checked |
 * | WAITING | the next check is due at a certain time |
 * | CHECKING | a check runs |
 * | BLOCKED | a check is due, but an earlier one that was given up is not gone yet |
 *
 * There is never more than one check at a time. The words of the rules and what they mean are those
 * of the Compose specification, with one difference: during the start period, and without one
 * during the first interval, there are checks already, so that a service is found healthy sooner.
 * Their failures don't count, as in Compose. Source: docs/servicedir.md, "health-check". Pure.
 */
import { humanTimeout } from "../../core/time/human_units.ts";
import type { Tain } from "../../core/time/tain.ts";
import type { Reaction } from "./health_files.ts";

export const HEALTH_STATES = ["starting", "healthy", "unhealthy"] as const;
export type HealthState = typeof HEALTH_STATES[number];

/** Told in event/ when the service has become healthy, or unhealthy. Ours: s6 has no such events. */
export const HEALTHY_EVENT = "H";
export const UNHEALTHY_EVENT = "h";

export interface HealthRules {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly startPeriodMs: number;
  readonly startIntervalMs: number;
  readonly reaction: Reaction;
}

/** How a check has ended. */
export type CheckOutcome =
  | { readonly kind: "success" }
  /** `why`: a phrase such as `exit code 1`; `output`: the end of what it has written. */
  | { readonly kind: "failure"; readonly why: string; readonly output?: string }
  /** It could not be made, and that is not the service's fault. It counts as no check. */
  | { readonly kind: "unable"; readonly why: string };

export interface HealthMachine {
  readonly rules: HealthRules;
  readonly phase: "OFF" | "WAITING" | "CHECKING" | "BLOCKED";
  readonly state: HealthState;
  /** Since when, by the wall clock. */
  readonly since: Tain;
  /** A check that was given up is not gone yet. */
  readonly lingers: boolean;
  /** The monotonic time at which the service was started. */
  readonly startedMs: number;
  /** Failures in a row that count. */
  readonly failures: number;
  /** The last failure; undefined after a success. */
  readonly failure: { readonly why: string; readonly output?: string } | undefined;
  /** Why the last check could not be made; undefined: it could. */
  readonly obstacle: string | undefined;
}

export type HealthEvent =
  /** A new life of the service begins, and with it its health. */
  | { readonly kind: "start" }
  /** The service has told that it is ready. */
  | { readonly kind: "ready" }
  /** The timer has run out. */
  | { readonly kind: "timeout" }
  /** The check has ended by itself. */
  | { readonly kind: "end"; readonly outcome: CheckOutcome }
  /** The check that was given up is gone. */
  | { readonly kind: "gone" }
  /** The service is paused, or goes on. */
  | { readonly kind: "pause" }
  | { readonly kind: "resume" }
  /** The service is down, or told to stop. */
  | { readonly kind: "stop" };

/** `random`: from 0 up to 1, to spread the checks of many services. */
export interface HealthMoment {
  readonly monotonicMs: number;
  readonly wallclock: Tain;
  readonly random: number;
}

export type HealthEffect =
  /** Begin a check; it answers `end`, perhaps at once. */
  | { readonly kind: "check" }
  /** End the check that runs; it answers `gone`, perhaps at once. */
  | { readonly kind: "giveUp" }
  /** The moment of the next `timeout`; replaces the last. Undefined: never. */
  | { readonly kind: "timer"; readonly atMs: number | undefined }
  /** Write `supervise/health`. */
  | { readonly kind: "record" }
  | { readonly kind: "notify"; readonly event: string }
  | { readonly kind: "warn"; readonly text: string }
  /** The service has become unhealthy. */
  | { readonly kind: "react"; readonly reaction: Exclude<Reaction, "none"> };

export interface HealthDecision {
  readonly machine: HealthMachine;
  readonly effects: readonly HealthEffect[];
}

type Action<E = HealthEvent> = (m: HealthMachine, now: HealthMoment, event: E) => HealthDecision;

/** By how much an interval differs at most, up or down, so that checks don't come all at once. */
const SPREAD = 0.1;
const NEVER: HealthEffect = { kind: "timer", atMs: undefined };

export function newHealth(rules: HealthRules, now: HealthMoment): HealthMachine {
  return {
    rules,
    phase: "OFF",
    state: "starting",
    since: now.wallclock,
    lingers: false,
    startedMs: now.monotonicMs,
    failures: 0,
    failure: undefined,
    obstacle: undefined,
  };
}

function decide(machine: HealthMachine, ...effects: HealthEffect[]): HealthDecision {
  return { machine, effects };
}

const ignore: Action = (m) => decide(m);

/** The next check comes after the interval, a tenth more or less. */
function wait(m: HealthMachine, now: HealthMoment): HealthDecision {
  const { intervalMs, startIntervalMs } = m.rules;
  const usualMs = isInStartPeriod(m, now) ? startIntervalMs : intervalMs;
  const delayMs = usualMs * (1 - SPREAD + 2 * SPREAD * now.random);
  return decide({ ...m, phase: "WAITING" }, {
    kind: "timer",
    atMs: now.monotonicMs + Math.max(1, Math.round(delayMs)),
  });
}

function isInStartPeriod({ state, startedMs, rules }: HealthMachine, now: HealthMoment): boolean {
  return state === "starting" && now.monotonicMs - startedMs < rules.startPeriodMs;
}

/** The first check comes within the start interval: a thousand services may start at once. */
function start(m: HealthMachine, now: HealthMoment): HealthDecision {
  const fresh = { ...newHealth(m.rules, now), lingers: m.lingers, phase: "WAITING" } as const;
  const delayMs = m.rules.startIntervalMs * (SPREAD + (1 - SPREAD) * now.random);
  return decide(fresh, { kind: "record" }, {
    kind: "timer",
    atMs: now.monotonicMs + Math.max(1, Math.round(delayMs)),
  });
}

function startAgain(m: HealthMachine, now: HealthMoment): HealthDecision {
  const { machine, effects } = stop(m);
  const next = start(machine, now);
  return { machine: next.machine, effects: [...effects, ...next.effects] };
}

function check(m: HealthMachine, now: HealthMoment): HealthDecision {
  if (m.lingers) return decide({ ...m, phase: "BLOCKED" }, NEVER);
  return decide(
    { ...m, phase: "CHECKING" },
    { kind: "timer", atMs: now.monotonicMs + m.rules.timeoutMs },
    { kind: "check" },
  );
}

/** A service that has told that it is ready is checked soon. */
function checkReady(m: HealthMachine, now: HealthMoment): HealthDecision {
  if (m.state !== "starting") return decide(m);
  const delayMs = m.rules.startIntervalMs * SPREAD * now.random;
  return decide(m, { kind: "timer", atMs: now.monotonicMs + Math.round(delayMs) });
}

function timedOut(m: HealthMachine, now: HealthMoment): HealthDecision {
  const why = `no end within ${humanTimeout(m.rules.timeoutMs)}`;
  const judged = judge({ ...m, lingers: true }, now, { kind: "failure", why });
  const next = wait(judged.machine, now);
  return {
    machine: next.machine,
    effects: [...judged.effects, { kind: "giveUp" }, ...next.effects],
  };
}

const ended: Action<Extract<HealthEvent, { kind: "end" }>> = (m, now, { outcome }) => {
  const judged = judge(m, now, outcome);
  const next = wait(judged.machine, now);
  return { machine: next.machine, effects: [...judged.effects, ...next.effects] };
};

function judge(m: HealthMachine, now: HealthMoment, outcome: CheckOutcome): HealthDecision {
  switch (outcome.kind) {
    case "success":
      return succeeded({ ...m, obstacle: undefined }, now);
    case "failure":
      return failed({ ...m, obstacle: undefined }, now, outcome);
    case "unable":
      return hindered(m, outcome.why);
    default:
      return outcome satisfies never;
  }
}

/** Each reason is told once, as long as it lasts. */
function hindered(m: HealthMachine, obstacle: string): HealthDecision {
  if (m.obstacle === obstacle) return decide(m);
  const text = `unable to check its health: ${obstacle} (trying again)`;
  return decide({ ...m, obstacle }, { kind: "warn", text });
}

function succeeded(m: HealthMachine, now: HealthMoment): HealthDecision {
  const calm = { ...m, failures: 0, failure: undefined };
  if (m.state === "healthy") {
    return m.failure === undefined ? decide(m) : decide(calm, { kind: "record" });
  }
  return decide(
    { ...calm, state: "healthy", since: now.wallclock },
    { kind: "record" },
    { kind: "notify", event: HEALTHY_EVENT },
    ...(m.state === "unhealthy"
      ? [{ kind: "warn", text: "the service is healthy again" } as const]
      : []),
  );
}

function failed(
  m: HealthMachine,
  now: HealthMoment,
  { why, output }: Extract<CheckOutcome, { kind: "failure" }>,
): HealthDecision {
  const failure = { why, ...(output === undefined ? {} : { output }) };
  if (isInStartPeriod(m, now)) return decide({ ...m, failure }, { kind: "record" });
  const failures = m.failures + 1;
  const { retries, reaction } = m.rules;
  if (m.state === "unhealthy" || failures < retries) {
    return decide({ ...m, failures, failure }, { kind: "record" });
  }
  const times = failures === 1 ? "" : `, ${failures} times in a row`;
  return decide(
    { ...m, failures, failure, state: "unhealthy", since: now.wallclock },
    { kind: "record" },
    { kind: "notify", event: UNHEALTHY_EVENT },
    { kind: "warn", text: `the service is unhealthy: ${why}${times}${CONSEQUENCES[reaction]}` },
    ...(reaction === "none" ? [] : [{ kind: "react", reaction } as const]),
  );
}

const CONSEQUENCES: Readonly<Record<Reaction, string>> = {
  none: "",
  restart: " (restarting it)",
  essential: " (stopping everything: on-unhealthy is essential)",
};

function stop(m: HealthMachine): HealthDecision {
  if (m.phase !== "CHECKING") return decide({ ...m, phase: "OFF" }, NEVER);
  return decide({ ...m, phase: "OFF", lingers: true }, NEVER, { kind: "giveUp" });
}

const gone: Action = (m) => decide({ ...m, lingers: false });
const goneAndCheck: Action = (m, now) => check({ ...m, lingers: false }, now);

type Actions = { readonly [K in HealthEvent["kind"]]: Action<Extract<HealthEvent, { kind: K }>> };

// deno-fmt-ignore
const ACTIONS: Readonly<Record<HealthMachine["phase"], Actions>> = {
  OFF: {
    start, ready: ignore, timeout: ignore, end: ignore, gone, pause: ignore, resume: wait, stop: ignore,
  },
  WAITING: {
    start: startAgain, ready: checkReady, timeout: check, end: ignore, gone, pause: stop, resume: ignore, stop,
  },
  CHECKING: {
    start: startAgain, ready: ignore, timeout: timedOut, end: ended, gone: ignore, pause: stop, resume: ignore, stop,
  },
  BLOCKED: {
    start: startAgain, ready: ignore, timeout: ignore, end: ignore, gone: goneAndCheck, pause: stop, resume: ignore, stop,
  },
};

/** The decision when `event` happens. */
export function step(m: HealthMachine, event: HealthEvent, now: HealthMoment): HealthDecision {
  const action = ACTIONS[m.phase][event.kind] as Action;
  return action(m, now, event);
}
