/**
 * Where a supervisor goes on that does not begin from nothing: in the middle of a life of its
 * service, which an earlier supervisor began. Pure.
 */
import type { LifeMark } from "../../servicedir/core/life_record.ts";
import type { HeldLog } from "./held_supervisor.ts";
import type { Effect, Machine } from "./machine.ts";

/** The process that lives: ./run, or in FINISH ./finish. */
export interface LivingChild {
  readonly pid: number;
  /** waitpid tells us its death. Otherwise `pidfd` does, and signals go through that. */
  readonly ours: boolean;
  /** From now on its owner is the port; it must be there if the child is not ours. */
  readonly pidfd?: number;
  /** The reading end of its notification pipe; absent if it has nothing to report any more. */
  readonly notificationFd?: number;
  /** It is a log of that log host, which was handed over before. */
  readonly log?: HeldLog;
  /** What tells it from all others, for the supervisor after us; absent if that is not known. */
  readonly mark?: LifeMark;
}

export interface Ongoing {
  /** As it was, or as built from what is on disk. */
  readonly machine: Machine;
  /** When its TIMEOUT is due. */
  readonly due: Extract<Effect, { readonly kind: "timer" }>["due"];
  /** ./finish gets /dev/null for its standard input and output. */
  readonly stdioClosed?: boolean;
  /** Absent in DOWN and SWEEP: nothing runs then that could die. */
  readonly child?: LivingChild;
  /** Listeners are told that a supervisor has begun, because the earlier one is dead. */
  readonly isNewSupervisor: boolean;
}
