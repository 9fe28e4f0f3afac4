/**
 * What a supervisor does about the processes that an earlier one may have left running: adopt the
 * service, start it, or doubt. Decided from what is on disk and what /proc says. Pure.
 *
 * An earlier supervisor writes down that it is about to spawn before it does, and the pid after it:
 * if it was killed in between, the process is looked for by its directory.
 */
import { isLiving } from "./leftovers.ts";
import type { ProcessStat } from "../../core/linux/process_stat.ts";
import type {
  LifeRecord,
  ProcessWorld,
  StartedBetween,
} from "../../servicedir/core/life_record.ts";
import type { Svstatus } from "../../servicedir/core/svstatus.ts";

/** A unit of /proc: CLOCK_TICKS_PER_SECOND is 100. */
const TICK_US = 10_000;
/** So much may lie between the start of a process and the stamp of a status without a record. */
const NEAR_MS = 2000;

/** What the earlier supervisor has last told of its service. */
export interface Remains {
  readonly status: Svstatus;
  /** Absent: C's s6-supervise wrote the status, or an older hexad. */
  readonly life?: LifeRecord;
}

export interface Sighting {
  /** Ours; undefined: there is no /proc. */
  readonly world: ProcessWorld | undefined;
  readonly ourPid: number;
  /** The process that has the pid of the status now. */
  readonly process?: ProcessStat;
  /** For a status without a record: how much later than its stamp that process was started. */
  readonly startedLaterMs?: number;
  /**
   * The oldest processes in the service directory that were started after the earlier supervisor
   * was about to, if it has not written down a pid since.
   */
  readonly unrecorded: readonly ProcessStat[];
}

export type Takeover =
  /** Nothing of it runs. */
  | { readonly kind: "start" }
  /** It runs. `ours`: its parent is this process. */
  | { readonly kind: "adopt"; readonly pid: number; readonly ours: boolean; recorded: boolean }
  /** It is dead, and what it left was being killed. */
  | { readonly kind: "sweep" }
  /** It may run: `why` it is not certain. */
  | { readonly kind: "doubt"; readonly why: string };

const START: Takeover = { kind: "start" };

/** Whether a process of that pid is the one that was started between these moments. */
export function isStartedBetween(
  { startTicks }: Pick<ProcessStat, "startTicks">,
  { fromUs, toUs }: StartedBetween,
): boolean {
  return startTicks >= Math.floor(fromUs / TICK_US) && startTicks <= Math.floor(toUs / TICK_US);
}

/** Whether it is the recorded process, and lives. @param process The one that has its pid */
export function isRecordedProcess(
  { started, world: { bootId, pidNamespace } }: LifeRecord,
  world: ProcessWorld,
  process: ProcessStat | undefined,
): boolean {
  return bootId === world.bootId && pidNamespace === world.pidNamespace &&
    started !== undefined && process !== undefined && isLiving(process) &&
    isStartedBetween(process, started);
}

/** Whether it was started after that moment, or in the same unit of /proc's time. */
export function isStartedSince(
  { startTicks }: Pick<ProcessStat, "startTicks">,
  fromUs: number,
): boolean {
  return startTicks >= Math.floor(fromUs / TICK_US);
}

/** @param remains undefined: there is no status. */
export function decideTakeover(remains: Remains | undefined, sighting: Sighting): Takeover {
  const { world, unrecorded, ourPid } = sighting;
  const recorded = remains === undefined ? START : recordedLife(remains, sighting);
  if (recorded.kind !== "start") return recorded;
  const [found, other] = unrecorded;
  if (found === undefined || world === undefined) return START;
  if (other !== undefined) {
    return doubt(`processes ${found.pid} and ${other.pid} run in its directory`);
  }
  return { kind: "adopt", pid: found.pid, ours: found.ppid === ourPid, recorded: false };
}

function recordedLife({ status, life }: Remains, sighting: Sighting): Takeover {
  const { world, process, ourPid } = sighting;
  if (status.pid === 0) return START;
  if (life === undefined) return unmarkedLife(status, sighting);
  if (life.started === undefined) return START;
  if (world === undefined) {
    return doubt(
      `process ${status.pid} may be it; there is no /proc of this PID namespace to look`,
    );
  }
  if (life.world.bootId !== world.bootId) return START;
  if (life.world.pidNamespace !== world.pidNamespace) {
    // a namespace dies with its first process
    return life.world.isInit ? START : doubt("it was started in another PID namespace");
  }
  if (process === undefined || !isRecordedProcess(life, world, process)) {
    return life.sweeping ? { kind: "sweep" } : START;
  }
  if (life.world.root !== world.root) {
    return doubt(`process ${process.pid} was started under another root directory`);
  }
  return { kind: "adopt", pid: process.pid, ours: process.ppid === ourPid, recorded: true };
}

/** Nothing says when the process was started, but for a stamp of the clock that can be set. */
function unmarkedLife({ pid }: Svstatus, { process, startedLaterMs }: Sighting): Takeover {
  if (process === undefined || !isLiving(process) || startedLaterMs === undefined) return START;
  if (Math.abs(startedLaterMs) > NEAR_MS) return START;
  return doubt(`process ${pid} may be it; its supervisor has not recorded when it was started`);
}

function doubt(why: string): Takeover {
  return { kind: "doubt", why };
}
