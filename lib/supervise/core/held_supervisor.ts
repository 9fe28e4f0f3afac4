/**
 * A supervisor in the middle of a life of its service, as it is handed over to another program in
 * the same process. Pure.
 */
import type { LifeMark } from "../../servicedir/core/life_record.ts";
import type { Machine } from "./machine.ts";

/** A log that goes on in its log host. */
export interface HeldLog {
  /** Which log host that is. */
  readonly host: string;
  readonly id: number;
  /** The reading end of the log's own FIFO, if it has one. */
  readonly fifoFd?: number | undefined;
}

/** Descriptors and processes. */
export interface HeldByPort {
  readonly dirFd: number;
  readonly lockFd: number;
  readonly controlFd: number;
  /** ./run or ./finish, if one runs. */
  readonly pid?: number | undefined;
  /** Its logger, if that is no process of its own; `pid` is absent then. */
  readonly log?: HeldLog | undefined;
  /** The reading end of its notification pipe, if it still has to report. */
  readonly notificationFd?: number | undefined;
  /** Of ./run or ./finish, if it is not a child of this process: an earlier one has started it. */
  readonly pidfd?: number | undefined;
  /** What tells that process from all others, for a supervisor after a SIGKILL. */
  readonly mark?: LifeMark | undefined;
  /** ./finish gets /dev/null for its standard input and output. */
  readonly stdioClosed: boolean;
}

export interface HeldSupervisor extends HeldByPort {
  readonly machine: Machine;
  /** When its TIMEOUT is due, on the monotonic clock; absent: never. */
  readonly dueMs?: number;
}
