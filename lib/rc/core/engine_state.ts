/**
 * What the engine of s6-rc knows, what can happen, and what it can ask for.
 *
 * A service is up or down, and has at most one transition under way. A change is a set of wishes;
 * several live at the same time. For a service the newest wish counts: older ones for the other
 * direction are overruled. A change has ended when none of its wishes is pending or running.
 * Source: contract 6.4, and section 16 for where hexad differs from s6-rc 0.7. Pure.
 */
import type { RcDatabase, ServiceNumber } from "./database.ts";
import type { Direction, ReverseEdges } from "./graph.ts";

export type ChangeId = number;

/** A transition that runs: a longrun with an order, or the script of a oneshot. */
export interface Transition {
  readonly direction: Direction;
  readonly startedMs: number;
  /** The service's own limit runs out. */
  readonly dueMs: number | undefined;
  /** A longrun that is being stopped is killed; Infinity: never. */
  readonly killMs: number;
  /** When to say that it still lasts, and how often that was said. */
  readonly noticeMs: number;
  readonly notices: number;
  /** A longrun's process has been started. */
  readonly spawned: boolean;
  /** How often its process has died since, and what with. */
  readonly deaths: number;
  readonly lastExit: number | undefined;
  /** Nobody waits for its end, which is not recorded; a new wish adopts it. */
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
  /** Bit 1: a change up has named it, or a bundle of it, since one down has. */
  readonly wanted: boolean;
  readonly transition: Transition | undefined;
  /** A script that was given up, and has been sent SIGTERM, still runs. */
  readonly dying: boolean;
  readonly failure: ServiceFailure | undefined;
  /** It is up because this condition is not met; undefined: it was started, or never asked. */
  readonly skipped: string | undefined;
  /** Why the last change that wanted something of it did not get to it. */
  readonly untried: Untried | undefined;
  /** A longrun has exited with 0 since it was started. */
  readonly completed: boolean;
  /** A longrun that is up has died, and is not there again yet. */
  readonly away: boolean;
  /** A longrun has ended for good, by itself. */
  readonly over: boolean;
  /** It has been up before: the next time, its companions are restarted. */
  readonly seasoned: boolean;
  /** Its next return is a companion's restart, which is nobody else's reason. */
  readonly quiet: boolean;
  /** Of its last transition. */
  readonly stamps: Stamps;
}

/** A wish that has come to nothing before the service's turn. */
export interface Untried {
  readonly direction: Direction;
  /** The service that has failed; undefined: the time of the change was over. */
  readonly because: ServiceNumber | undefined;
}

/**
 * When a transition was wished for, began, had its process, and ended; monotonic milliseconds.
 */
export interface Stamps {
  readonly wishedMs?: number;
  readonly startedMs?: number;
  readonly spawnedMs?: number;
  readonly endedMs?: number;
}

export type Wish =
  /** Not begun: it waits for others, or for its turn. */
  | "pending"
  /** It waits for the end of the service's transition. */
  | "running"
  | "done"
  | "failed"
  /** Something that it needs has failed. */
  | "blocked"
  /** A newer change wants the opposite. */
  | "overruled"
  /** It is essential, or an essential service needs it: it stays up. */
  | "kept"
  /** The change was called off before its turn. */
  | "dropped";

/** One direction of a change; -p has two of them. */
export interface Phase {
  readonly direction: Direction;
  readonly members: readonly ServiceNumber[];
  /** Members whose failure is nobody's. */
  readonly soft: ReadonlySet<ServiceNumber>;
}

export interface Change {
  readonly id: ChangeId;
  readonly phases: readonly Phase[];
  /** Which of the phases is under way. */
  readonly phase: number;
  readonly wishes: ReadonlyMap<ServiceNumber, Wish>;
  /** Essential services are stopped like others. */
  readonly forced: boolean;
  /** Services that stay up although they need what is stopped. */
  readonly spare: ReadonlySet<ServiceNumber>;
  /** How long a longrun that can't be killed by its own timeout-kill has; 0: for ever. */
  readonly graceMs: number;
  readonly dueMs: number | undefined;
  readonly cancelled: boolean;
  readonly failed: boolean;
  /** The oneshot that waits for this change. */
  readonly requester: ServiceNumber | undefined;
}

/** A reload of services: no order, no state. */
export interface Reload {
  readonly id: ChangeId;
  /** Those that have not answered, each with the moment at which its own limit runs out. */
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
  /** The end has begun: nothing is started any more. */
  readonly closed: boolean;
}

/** A change, as it is asked for. */
export interface ChangeRequest {
  readonly id: ChangeId;
  readonly direction: Direction;
  /** The services that were named, and those of bundles that were: bit 1 is theirs. */
  readonly named: readonly ServiceNumber[];
  /** -a: all that are up, or on the way up, too. */
  readonly live?: boolean;
  /** -D or -e. */
  readonly forced?: boolean;
  /** -p. */
  readonly prune?: boolean;
  /** Services that stay up although they need what is stopped. */
  readonly spare?: ReadonlySet<ServiceNumber>;
  /** Bit 1 stays what it is: the services go down, and up again. */
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

/** What has become of a longrun, as its supervisor tells it. */
export type LongrunNews =
  | { readonly kind: "spawned" }
  | { readonly kind: "ready" }
  /** ./run is dead. `exitCode`: 128 + signal for a signal. */
  | { readonly kind: "died"; readonly exitCode: number }
  /** ./finish has ended too. */
  | { readonly kind: "down" }
  /** It will not be started again by itself. */
  | { readonly kind: "over" }
  /** There is no supervisor, or no longer. `code` as s6-svc exits. */
  | { readonly kind: "gone"; readonly code: number }
  /** ./run can't be executed. `code`: 126 or 127. */
  | { readonly kind: "unspawnable"; readonly code: number; readonly why: string };

export type RcEvent =
  | { readonly kind: "change"; readonly request: ChangeRequest }
  | { readonly kind: "reload"; readonly request: ReloadRequest }
  /** The client got a signal: nothing new begins, starts of longruns are given up. */
  | { readonly kind: "cancel"; readonly id: ChangeId; readonly signal: string }
  /** Nobody is there to hear of the change. */
  | { readonly kind: "vanish"; readonly id: ChangeId }
  /** Nothing is started any more: the end has begun. */
  | { readonly kind: "close" }
  | { readonly kind: "longrun"; readonly service: ServiceNumber; readonly news: LongrunNews }
  /**
   * A script has ended. `code`: 128 + signal for a signal; `line`: what the helper of C would say
   * of it.
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

/** A line for whoever waits for a change. */
export interface Line {
  /** The verbosity from which on it is said. */
  readonly level: number;
  readonly severity: "fatal" | "warning" | "info" | "helper";
  /** For a helper the whole line, otherwise without program and severity. */
  readonly text: string;
}

export type RcEffect =
  /**
   * An order to a longrun's supervisor. If the longrun is in that state already, the news comes
   * back at once. `up` is answered by `skip` if the service's conditions are not met.
   */
  | {
    readonly kind: "order";
    readonly service: ServiceNumber;
    readonly order: "up" | "down" | "reload" | "restart" | "kill";
  }
  /**
   * Answered by `script` (with `reload`, a longrun's order too), or by `skip` if the service's
   * conditions are not met. `change`: whose descriptors it gets.
   */
  | {
    readonly kind: "run";
    readonly service: ServiceNumber;
    readonly script: Script;
    readonly change: ChangeId | undefined;
  }
  /**
   * SIGTERM to a script that runs, and SIGKILL to its group when it takes longer than that to end;
   * 0: never.
   */
  | {
    readonly kind: "terminate";
    readonly service: ServiceNumber;
    readonly reload: boolean;
    readonly killAfterMs: number;
  }
  /** The `down` file is removed or made, if the service is a longrun; the state file is written. */
  | { readonly kind: "record"; readonly service: ServiceNumber; readonly up: boolean }
  | { readonly kind: "say"; readonly id: ChangeId; readonly line: Line }
  /** A transition lasts. The loop can add what the service last wrote. */
  | {
    readonly kind: "notice";
    readonly ids: readonly ChangeId[];
    readonly service: ServiceNumber;
    readonly level: number;
    readonly text: string;
  }
  /** Something that no change has asked for has failed. */
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
