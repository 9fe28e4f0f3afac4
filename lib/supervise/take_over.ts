/**
 * Looks for what an earlier supervisor of a service directory has left running. The process must be
 * in that directory and hold its lock.
 */
import {
  decideTakeover,
  isStartedSince,
  type Remains,
  type Sighting,
  type Takeover,
} from "./core/takeover.ts";
import { isLiving } from "./core/leftovers.ts";
import { adoptedMachine, dueOf } from "./core/adopted_machine.ts";
import type { LivingChild, Ongoing } from "./core/ongoing.ts";
import { STATUS_FILENAME } from "../servicedir/core/supervise_files.ts";
import type { LifeMark } from "../servicedir/core/life_record.ts";
import { SVSTATUS_SIZE, unpackSvstatus } from "../servicedir/core/svstatus.ts";
import { CLOCK_TICKS_PER_SECOND, type ProcessStat } from "../core/linux/process_stat.ts";
import { ESRCH, strerror } from "../core/linux/errno.ts";
import { O_NONBLOCK, O_RDONLY } from "../core/linux/open_flags.ts";
import { tainToUnixMs } from "../core/time/tain.ts";
import { bootUs, monotonicMs, wallclock } from "../libc/clock.ts";
import { close, readUpTo, tryOpen } from "../libc/file.ts";
import { pidfdOpen } from "../libc/pidfd.ts";
import { getpid } from "../libc/process.ts";
import { fileKey, isFifo, tryFstat, tryStat } from "../libc/stat.ts";
import { tryOpenFile } from "../libc/wary_open.ts";
import { listProcesses, readProcess } from "../procfs/processes.ts";
import type { LifeKeeper } from "./life_keeper.ts";
import type { RecordPlaces } from "./life_marks.ts";
import { recordIn } from "../servicedir/life.ts";
import { isOwnRecord } from "../servicedir/own_record.ts";

/** So many say enough: one is adopted, two are too many. */
const MOST_UNRECORDED = 2;

export type FoundLife =
  | { readonly kind: "nothing" }
  | { readonly kind: "ongoing"; readonly ongoing: Ongoing; readonly draining: boolean }
  | { readonly kind: "doubt"; readonly why: string };

const NOTHING: FoundLife = { kind: "nothing" };

/** What the status tells; undefined: there is none, or another user could have written it. */
function readTold(): Remains | undefined {
  const fd = tryOpenFile(STATUS_FILENAME, O_RDONLY, { shared: () => false });
  if (fd < 0) return undefined;
  try {
    if (!isOwnRecord(fd)) return undefined;
    const bytes = readUpTo(fd, SVSTATUS_SIZE, true);
    if (typeof bytes === "number" || bytes.length < SVSTATUS_SIZE) return undefined;
    return { status: unpackSvstatus(bytes) };
  } finally {
    close(fd);
  }
}

/** Started so much later than the stamp of the status, by the clock of now. */
function startedLaterMs({ status }: Remains, { startTicks }: ProcessStat): number {
  const agoMs = bootUs() / 1e3 - startTicks * 1000 / CLOCK_TICKS_PER_SECOND;
  return tainToUnixMs(wallclock()) - tainToUnixMs(status.stamp) - agoMs;
}

/** The oldest processes in the directory that were started when it was about to be. */
function findUnrecorded(
  devino: string,
  keeper: LifeKeeper,
  remains: Remains | undefined,
): readonly ProcessStat[] {
  const { previous } = keeper;
  if (previous === undefined || previous.devino !== devino) return [];
  const recordedUs = remains?.life?.started?.fromUs ?? 0;
  if (recordedUs >= previous.atUs) return [];
  const inDirectory = listProcesses().filter((process) =>
    isLiving(process) && isStartedSince(process, previous.atUs) && process.pid !== getpid() &&
    isIn(process.pid, devino)
  );
  const pids = new Set(inDirectory.map(({ pid }) => pid));
  const roots = inDirectory.filter(({ pid, ppid, session }) =>
    !pids.has(ppid) && (session === pid || !pids.has(session))
  );
  return roots.slice(0, MOST_UNRECORDED);
}

function isIn(pid: number, devino: string): boolean {
  const record = tryStat(`/proc/${pid}/cwd`);
  return typeof record !== "number" && fileKey(record) === devino;
}

/** The reading end of the pipe on which the process has still to report. */
function reopenNotification(pid: number, { notification }: LifeMark): number | undefined {
  if (notification === undefined) return undefined;
  const fd = tryOpen(`/proc/${pid}/fd/${notification.fd}`, O_RDONLY | O_NONBLOCK);
  if (fd < 0) return undefined;
  const record = tryFstat(fd);
  if (
    typeof record !== "number" && isFifo(record.mode) && record.ino === notification.inode
  ) return fd;
  close(fd);
  return undefined;
}

/** @throws {SyscallError} If /proc can't be read for lack of something. */
export function takeOver({ devino, lockFd }: RecordPlaces, keeper: LifeKeeper): FoundLife {
  const recorded = isOwnRecord(lockFd) ? recordIn(lockFd) : undefined;
  const isCopy = recorded !== undefined && recorded.life.directory !== devino;
  const told = isCopy ? undefined : readTold();
  if (isCopy || recorded === undefined) return consider(told, devino, keeper);
  const found = consider(recorded, devino, keeper);
  // C's s6-supervise, if it came after hexad's, has told of another process
  const isSame = told === undefined || told.status.pid === recorded.status.pid;
  return found.kind !== "nothing" || isSame ? found : consider(told, devino, keeper);
}

function consider(
  remains: Remains | undefined,
  devino: string,
  keeper: LifeKeeper,
): FoundLife {
  const pid = remains?.status.pid ?? 0;
  if (pid <= 0 && keeper.previous?.devino !== devino) return NOTHING;
  const held = pid > 0 ? pidfdOpen(pid) : -ESRCH; // its number can't be reused from now on
  const process = pid > 0 && held !== -ESRCH ? readProcess(pid) : undefined;
  const sighting: Sighting = {
    world: keeper.world,
    ourPid: getpid(),
    unrecorded: findUnrecorded(devino, keeper, remains),
    ...(process === undefined ? {} : { process }),
    ...(process === undefined || remains === undefined
      ? {}
      : { startedLaterMs: startedLaterMs(remains, process) }),
  };
  const takeover = decideTakeover(remains, sighting);
  const pidfd = takeover.kind === "adopt" && !takeover.recorded ? reopen(takeover.pid, held) : held;
  if (takeover.kind !== "adopt" || takeover.ours) {
    if (pidfd >= 0) close(pidfd);
  } else if (pidfd < 0) {
    if (pidfd === -ESRCH) return NOTHING;
    return { kind: "doubt", why: `process ${takeover.pid} can't be watched: ${strerror(-pidfd)}` };
  }
  return found(takeover, remains, sighting, { devino, keeper, pidfd });
}

function reopen(pid: number, held: number): number {
  if (held >= 0) close(held);
  return pidfdOpen(pid);
}

function found(
  takeover: Takeover,
  remains: Remains | undefined,
  { unrecorded }: Sighting,
  { devino, keeper, pidfd }: {
    readonly devino: string;
    readonly keeper: LifeKeeper;
    readonly pidfd: number;
  },
): FoundLife {
  if (takeover.kind === "start") return NOTHING;
  if (takeover.kind === "doubt") return takeover;
  const now = { monotonicMs: monotonicMs(), wallclock: wallclock() };
  const machine = adoptedMachine(takeover, remains, {
    now,
    bootUs: bootUs(),
    program: keeper.previous?.program ?? "run",
  });
  const draining = remains?.life?.draining === true && machine.state === "UP";
  const ongoing = { machine, due: dueOf(machine), isNewSupervisor: true };
  if (takeover.kind === "sweep") return { kind: "ongoing", ongoing, draining };
  const { pid, ours } = takeover;
  const mark = markOf(takeover, remains, unrecorded[0], { devino, keeper });
  const notificationFd = machine.status.flagready ? undefined : reopenNotification(pid, mark);
  const child: LivingChild = {
    pid,
    ours,
    mark: { ...mark, adopted: now.wallclock },
    ...(ours ? {} : { pidfd }),
    ...(notificationFd === undefined ? {} : { notificationFd }),
  };
  return { kind: "ongoing", ongoing: { ...ongoing, child }, draining };
}

function markOf(
  { recorded }: Extract<Takeover, { readonly kind: "adopt" }>,
  remains: Remains | undefined,
  unrecorded: ProcessStat | undefined,
  { devino, keeper }: { readonly devino: string; readonly keeper: LifeKeeper },
): LifeMark {
  const life = remains?.life;
  if (recorded && life !== undefined) {
    const { dying: _, slain: __, draining: ___, sweeping: ____, ...mark } = life;
    return mark;
  }
  const fromUs = (unrecorded?.startTicks ?? 0) * 1e6 / CLOCK_TICKS_PER_SECOND;
  return { world: keeper.world!, directory: devino, started: { fromUs, toUs: fromUs } };
}
