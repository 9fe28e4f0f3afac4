/**
 * What a supervisor knows of its service, what can happen to it, and what can be decided: the types
 * of lib/supervise/core/supervision.ts and lib/supervise/core/supervision_answers.ts. Pure.
 */
import type { Over } from "../../servicedir/core/death_reasons.ts";
import type { RestartHistory, RestartRules } from "./restart_policy.ts";
import { NO_HISTORY } from "./restart_policy.ts";
import type { Svstatus } from "../../servicedir/core/svstatus.ts";
import type { Tain } from "../../core/time/tain.ts";

/**
 * DOWN: nothing runs. UP: ./run lives. DRAIN: ./run lives and must stop, but its signal has not
 * been sent yet. SWEEP: ./run is dead, and its leftovers are being killed. FINISH: ./finish runs.
 */
export const STATES = ["DOWN", "UP", "DRAIN", "SWEEP", "FINISH"] as const;
export type State = typeof STATES[number];

/** The bytes that a control FIFO understands. */
export const COMMANDS = "abqhkti12pcyrlPCKoduDUxOQ";

// deno-fmt-ignore
export const EVENTS = [
  "TIMEOUT", "CHLD", "UNHEALTHY", "TERM", "HUP", "QUIT", "INT",
  "a", "b", "q", "h", "k", "t", "i", "1", "2", "p", "c", "y", "r", "l", "P", "C", "K",
  "o", "d", "u", "D", "U", "x", "O", "Q",
] as const;
export type Event = typeof EVENTS[number];

/** How long a service that could not be spawned waits until the next try. */
export const SPAWN_RETRY_MS = 60_000;
/** Time between two SIGKILLs for a process that outlives its timeout. */
export const KILL_REPEAT_MS = 5000;
/** The exit code of ./finish that means: do not restart. */
export const PERMANENT_FAILURE = 125;

export interface Machine {
  readonly state: State;
  /** This life is the last one: the supervisor ends after it. */
  readonly last: boolean;
  readonly status: Svstatus;
  /** A down-signal was sent and `timeout-kill` counts; in SWEEP, SIGKILL was sent. */
  readonly dying: boolean;
  /** We sent SIGKILL in this life. */
  readonly slain: boolean;
  /** It is restarted for its health: its death counts as a failure. */
  readonly unhealthy: boolean;
  /** An administrator has ordered another life after this one. */
  readonly ordered: boolean;
  /** The monotonic time of the last start. */
  readonly startedMs: number;
  /** The monotonic time before which there is no automatic restart. */
  readonly nextStartMs: number;
  readonly history: RestartHistory;
  /**
   * Set by the death after which there are no more restarts, until an administrator wants the
   * service up again.
   */
  readonly over: Over | undefined;
}

/** The facts that the loop has found out about a death. */
export interface DeathFacts {
  readonly rules: RestartRules;
  /** The signal that tells the service to stop. */
  readonly downSignal: number;
  /** The kernel killed it for lack of memory. */
  readonly oom: boolean;
  /** `flag-kill-leftovers` exists. */
  readonly killLeftovers: boolean;
}

/** The time on both clocks, and for CHLD the raw wait status. */
export interface Moment {
  readonly monotonicMs: number;
  readonly wallclock: Tain;
  readonly wstat?: number;
}

export type Effect =
  /**
   * Signal the running process or its group. The two names stand for the signal that the file of
   * that name holds now.
   */
  | {
    readonly kind: "kill";
    readonly group: boolean;
    readonly signal: number | "down-signal" | "reload-signal";
  }
  /** SIGKILL and SIGCONT, to the group if `flag-timeout-killpg` exists. */
  | { readonly kind: "killTimedOut" }
  /** Write `supervise/status`. */
  | { readonly kind: "announce" }
  | { readonly kind: "notify"; readonly events: string }
  /**
   * The next TIMEOUT: at a certain time, after the time in a file (0: never), after the time that
   * leftovers get (timeout-kill or, without it, five seconds), or never.
   */
  | {
    readonly kind: "timer";
    readonly due: number | "timeout-kill" | "timeout-finish" | "leftovers" | "never";
  }
  /** Record the facts that neither the status nor the tally can hold. */
  | {
    readonly kind: "explain";
    readonly oom: boolean;
    readonly over?: Over;
    readonly delayed: boolean;
    /** It has ended as it should. */
    readonly done?: true;
    /** Why ./run could not be started. */
    readonly fault?: string;
  }
  | { readonly kind: "createDown" }
  | { readonly kind: "removeDown" }
  /** From now on ./finish gets /dev/null for its standard input and output. */
  | { readonly kind: "closeStdio" }
  | { readonly kind: "warn"; readonly text: string }
  /**
   * The service has ended for good without an order: if `flag-essential` exists, all others end
   * with it. exitCode: that of its last life, 128 + signal for a signal.
   */
  | { readonly kind: "over"; readonly exitCode: number }
  /** The supervisor ends; the loop sends `x`. */
  | { readonly kind: "end" };

/**
 * What the machine has to know before it can go on. The loop finds out and gives the answer to
 * lib/supervise/core/supervision_answers.ts, which makes the next decision from it.
 */
export type Question =
  /** Start ./run: did it start? started, notStarted, or hopeless. */
  | { readonly kind: "start" }
  /** How long is `timeout-drain`? draining, or noDrain. */
  | { readonly kind: "drain" }
  /**
   * ./run is dead: stop listening for its readiness, and append its death to the tally. What else
   * is known about the death? judged.
   */
  | { readonly kind: "death" }
  /**
   * Signal what is left of the session and the group of ./run, including processes that turn up
   * later: does any live? The answers come later: leftoversFound, and in the end leftoversGone.
   */
  | { readonly kind: "sweep"; readonly signal: number }
  /** Give up what is left, and start ./finish: did it start? finishStarted, or noFinish. */
  | { readonly kind: "finish" };

/** The effects are carried out in order; then the question is asked, if there is one. */
export interface Decision {
  readonly machine: Machine;
  readonly effects: readonly Effect[];
  readonly question?: Question;
}

/** A decision without a question, so another one can follow at once. */
export interface PlainDecision extends Decision {
  readonly question?: never;
}

/**
 * A supervisor that has just begun: down, nothing started yet (as pid 0 and paused show), and its
 * first start due at once.
 */
export function newMachine(now: Moment, flagwantup: boolean): Machine {
  return {
    state: "DOWN",
    last: false,
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
    slain: false,
    unhealthy: false,
    ordered: false,
    startedMs: now.monotonicMs,
    nextStartMs: now.monotonicMs,
    history: NO_HISTORY,
    over: undefined,
  };
}

export const ANNOUNCE: Effect = { kind: "announce" };
export const END: Effect = { kind: "end" };
export const NEVER: Effect = { kind: "timer", due: "never" };

export const START: Question = { kind: "start" };
export const DRAIN: Question = { kind: "drain" };
export const DEATH: Question = { kind: "death" };
export const FINISH: Question = { kind: "finish" };

export function decide(machine: Machine, ...effects: Effect[]): PlainDecision {
  return { machine, effects };
}

export function ask(machine: Machine, question: Question, ...effects: Effect[]): Decision {
  return { machine, effects, question };
}

export function withStatus(m: Machine, changes: Partial<Svstatus>): Machine {
  return { ...m, status: { ...m.status, ...changes } };
}
