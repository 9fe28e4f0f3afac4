/**
 * What the engine of s6-rc knows, what can happen, and what it can ask for.
 *
 * A service is up or down and has at most one transition under way. A change is a set of wishes,
 * and several changes can be under way at once. The newest wish for a service counts; it overrules
 * older ones for the other direction. A change has ended when none of its wishes is pending or
 * running.
 * Source: contract 6.4, and section 16 for where hexad differs from s6-rc 0.7. Pure.
 */
import type { RcDatabase, ServiceNumber } from "./database.ts";
import type { Direction, ReverseEdges } from "./graph.ts";

export type ChangeId = number;

/** A transition that runs: a longrun with an order, or the script of a oneshot. */
export interface Transition {
  readonly direction: Direction;
  readonly startedMs: number;
  /** When the service's own limit runs out. */
  readonly dueMs: number | undefined;
  /** When a longrun that is being stopped is killed; Infinity: never. */
  readonly killMs: number;
  /** When to report that it is still running, and how often that has been done. */
  readonly noticeMs: number;
  readonly notices: number;
  /** A longrun's process has been started. */
  readonly spawned: boolean;
  /** How often its process has died since then, and its last exit code. */
  readonly deaths: number;
  readonly lastExit: number | undefined;
  /** Nobody waits for its end, and its end is not recorded. A new wish can adopt it. */
  readonly orphan: boolean;
  /** A oneshot that is up runs `down`, and then `up`: a restart. */
  readonly again: boolean;
}

/** Why the last transition of a service failed. */
export interface ServiceFailure {
  readonly direction: Direction;
  /** As in `command exited N`. */
  readonly code: number;
  /** The same as a phrase, for people. */
  readonly why: string;
  readonly atMs: number;
}

export interface ServiceState {
  /** Bit 0 of the state file. */
  readonly up: boolean;
  /** Bit 1: the last change that named it, or one of its bundles, was a change up. */
  readonly wanted: boolean;
  readonly transition: Transition | undefined;
  /** A script that was given up and sent SIGTERM is still running. */
  readonly dying: boolean;
  readonly failure: ServiceFailure | undefined;
  /** The condition that is not met, so that it counts as up without a start; undefined: none. */
  readonly skipped: string | undefined;
  /** Why the last change that included it never got to it. */
  readonly untried: Untried | undefined;
  /** A longrun has exited with 0 since it was started. */
  readonly completed: boolean;
  /** What the health checks of its present process have found last. */
  readonly health: "healthy" | "unhealthy" | undefined;
  /** A longrun that is up has died and is not running again yet. */
  readonly away: boolean;
  /** A longrun has ended for good, by itself. */
  readonly over: boolean;
  /** It has been up before, so its companions are restarted the next time it comes up. */
  readonly seasoned: boolean;
  /** It is coming back because of a companion, which restarts no further companions. */
  readonly quiet: boolean;
  /** Of its last transition. */
  readonly stamps: Stamps;
}

/** A wish that ended before the service's turn came. */
export interface Untried {
  readonly direction: Direction;
  /** The service that failed; undefined: the change ran out of time. */
  readonly because: ServiceNumber | undefined;
}

/** When a transition was requested, began, got its process, and ended; monotonic milliseconds. */
export interface Stamps {
  readonly wishedMs?: number;
  readonly startedMs?: number;
  readonly spawnedMs?: number;
  readonly endedMs?: number;
}

export type Wish =
  /** It has not begun: it waits for others, or for its turn. */
  | "pending"
  /** It waits for the end of the service's transition. */
  | "running"
  | "done"
  | "failed"
  /** Something that it needs has failed. */
  | "blocked"
  /** A newer change wants the opposite. */
  | "overruled"
  /** It stays up, because it is essential or an essential service needs it. */
  | "kept"
  /** The change was cancelled before its turn came. */
  | "dropped";

/** One direction of a change. A change with -p has two phases. */
export interface Phase {
  readonly direction: Direction;
  readonly members: readonly ServiceNumber[];
  /** Members whose failure does not count as a failure of the change. */
  readonly soft: ReadonlySet<ServiceNumber>;
}

export interface Change {
  readonly id: ChangeId;
  readonly phases: readonly Phase[];
  /** The index of the phase that is under way. */
  readonly phase: number;
  readonly wishes: ReadonlyMap<ServiceNumber, Wish>;
  /** Essential services may be stopped too. */
  readonly forced: boolean;
  /** Services that stay up although they need what is stopped. */
  readonly spare: ReadonlySet<ServiceNumber>;
  /**
   * How long to wait for a longrun without a timeout-kill of its own before it is killed; 0: for
   * ever.
   */
  readonly graceMs: number;
  readonly dueMs: number | undefined;
  readonly cancelled: boolean;
  readonly failed: boolean;
  /** The oneshot that waits for this change. */
  readonly requester: ServiceNumber | undefined;
}

/** A reload of services. It has no order and changes no state. */
export interface Reload {
  readonly id: ChangeId;
  /** Services that have not answered yet, each with the time when its own limit runs out. */
  readonly left: ReadonlyMap<ServiceNumber, number | undefined>;
  readonly dueMs: number | undefined;
  readonly failed: boolean;
  readonly requester: ServiceNumber | undefined;
}

export interface Engine {
  readonly database: RcDatabase;
  readonly edges: ReverseEdges;
  readonly places: readonly number[];
  readonly services: readonly ServiceState[];
  readonly changes: ReadonlyMap<ChangeId, Change>;
  readonly reloads: ReadonlyMap<ChangeId, Reload>;
  /** Shutdown has begun: nothing is started any more. */
  readonly closed: boolean;
}

export interface ChangeRequest {
  readonly id: ChangeId;
  readonly direction: Direction;
  /**
   * The named services, including those of named bundles. The change sets or clears their bit 1.
   */
  readonly named: readonly ServiceNumber[];
  /** -a: includes all services that are up or on the way up. */
  readonly live?: boolean;
  /** -D or -e. */
  readonly forced?: boolean;
  /** -p. */
  readonly prune?: boolean;
  /** Services that stay up although they need what is stopped. */
  readonly spare?: ReadonlySet<ServiceNumber>;
  /** The services go down and up again, so bit 1 does not change. */
  readonly isPassing?: boolean;
  /** Milliseconds; 0: no limit. */
  readonly timeoutMs?: number;
  readonly graceMs?: number;
  readonly requester?: ServiceNumber;
}

export interface ReloadRequest {
  readonly id: ChangeId;
  readonly named: readonly ServiceNumber[];
  readonly live?: boolean;
  readonly timeoutMs?: number;
  readonly requester?: ServiceNumber;
}

/** What a longrun's supervisor reports. */
export type LongrunNews =
  | { readonly kind: "spawned" }
  | { readonly kind: "ready" }
  /** What its health checks have found, whenever that changes. */
  | { readonly kind: "healthy" }
  | { readonly kind: "unhealthy" }
  /** ./run is dead. `exitCode`: 128 + signal for a signal. */
  | { readonly kind: "died"; readonly exitCode: number }
  /** ./finish has ended too. */
  | { readonly kind: "down" }
  /** Its supervisor will not start it again. */
  | { readonly kind: "over" }
  /** There is no supervisor, or it has gone. `code`: what s6-svc would exit with. */
  | { readonly kind: "gone"; readonly code: number }
  /** ./run can't be executed. `code`: 126 or 127. */
  | { readonly kind: "unspawnable"; readonly code: number; readonly why: string };

export type RcEvent =
  | { readonly kind: "change"; readonly request: ChangeRequest }
  | { readonly kind: "reload"; readonly request: ReloadRequest }
  /** The client got a signal: nothing new begins, and starts of longruns are given up. */
  | { readonly kind: "cancel"; readonly id: ChangeId; readonly signal: string }
  /** The client of the change has gone. */
  | { readonly kind: "vanish"; readonly id: ChangeId }
  /** Shutdown has begun: nothing is started any more. */
  | { readonly kind: "close" }
  | { readonly kind: "longrun"; readonly service: ServiceNumber; readonly news: LongrunNews }
  /**
   * A script has ended. `code`: 128 + signal for a signal; `line`: the message that C's helper
   * would print.
   */
  | {
    readonly kind: "script";
    readonly service: ServiceNumber;
    readonly script: Script;
    readonly code: number;
    readonly line?: string;
  }
  /** The service's conditions are not met. */
  | { readonly kind: "skip"; readonly service: ServiceNumber; readonly because: string }
  /** The moment of the last `timer` has come. */
  | { readonly kind: "timeout" };

export type Script = Direction | "reload";

/** A line for the client that waits for a change. */
export interface Line {
  /** The lowest verbosity at which it is printed. */
  readonly level: number;
  readonly severity: "fatal" | "warning" | "info" | "helper";
  /** The whole line if it comes from a helper; otherwise without program and severity. */
  readonly text: string;
}

export type RcEffect =
  /**
   * An order to a longrun's supervisor. If the longrun is already in that state, the news comes
   * back at once. `up` is answered by `skip` if the service's conditions are not met.
   */
  | {
    readonly kind: "order";
    readonly service: ServiceNumber;
    readonly order: "up" | "down" | "reload" | "restart" | "kill";
  }
  /**
   * Answered by `script` (with `reload`, so is a longrun's order), or by `skip` if the service's
   * conditions are not met. `change`: the change that lends the script its descriptors.
   */
  | {
    readonly kind: "run";
    readonly service: ServiceNumber;
    readonly script: Script;
    readonly change: ChangeId | undefined;
  }
  /**
   * Sends SIGTERM to a running script, and SIGKILL to its group if it takes longer than that to
   * end; 0: never.
   */
  | {
    readonly kind: "terminate";
    readonly service: ServiceNumber;
    readonly reload: boolean;
    readonly killAfterMs: number;
  }
  /** Writes the state file, and removes or makes the `down` file if the service is a longrun. */
  | { readonly kind: "record"; readonly service: ServiceNumber; readonly up: boolean }
  | { readonly kind: "say"; readonly id: ChangeId; readonly line: Line }
  /** A transition is taking long. The loop can add what the service wrote last. */
  | {
    readonly kind: "notice";
    readonly ids: readonly ChangeId[];
    readonly service: ServiceNumber;
    readonly level: number;
    readonly text: string;
    /** What is older does not belong to it; absent: how old is no matter. */
    readonly mostAgeMs?: number;
  }
  /** Something failed that no change had asked for. */
  | { readonly kind: "log"; readonly text: string }
  | { readonly kind: "end"; readonly id: ChangeId; readonly code: number }
  /** The moment of the next `timeout`; replaces the last. */
  | { readonly kind: "timer"; readonly atMs: number | undefined };

export interface RcMoment {
  readonly monotonicMs: number;
}

export interface RcDecision {
  readonly engine: Engine;
  readonly effects: readonly RcEffect[];
}
