/**
 * Reads all that `/metrics` tells of a tree, now and only now: nothing is watched, sampled or kept
 * between two scrapes. It is done in portions, and between them others have their turn.
 */
import { askCounts } from "../counters/client.ts";
import type { Answers } from "../counters/core/counts.ts";
import { type ProcessStat, processTrees } from "../core/linux/process_stat.ts";
import { SyscallError } from "../libc/bind.ts";
import { monotonicMs, wallclock } from "../libc/clock.ts";
import { figuresOf } from "../procfs/figures.ts";
import { listProcesses, readProcess } from "../procfs/processes.ts";
import { BOOT_FILE } from "../rc/core/live_record.ts";
import { readReexec } from "../scandir/reexec_record.ts";
import type { NamedService } from "../servicedir/named_service.ts";
import { observeService } from "../servicedir/observe.ts";
import type { ServiceFacts } from "../status/core/service_state.ts";
import { liveRecords, readRecord } from "../tree/live_records.ts";
import { missedAmong } from "../tree/missed.ts";
import { isBooting, isScanned } from "../tree/services.ts";
import type { Figures, LiveReading, Reading, ServiceReading } from "./core/reading.ts";
import { readMemory } from "./read_memory.ts";

/** So many services are looked at in one turn: some milliseconds. */
const AT_ONCE = 25;

export interface ReadOptions {
  readonly scandir: string;
  /** The proportional set size of processes, too. */
  readonly pss: boolean;
  /** All services of the scan directory. */
  services(): readonly NamedService[];
}

/** @throws What the list of services throws. */
export async function readTree({ scandir, pss, ...options }: ReadOptions): Promise<Reading> {
  const beganMs = monotonicMs();
  const asked = await askCounts(scandir);
  const answers = typeof asked === "string" ? undefined : asked;
  const booting = isBooting(scandir); // before the list, which is complete if it says no
  const services = options.services();
  const facts = await observed(services);
  const figures = await figuresOfServices(facts, pss);
  return {
    now: wallclock(),
    scandir,
    scanned: isScanned(scandir),
    booting,
    ...reexecOf(scandir),
    services: facts.map((one): ServiceReading => {
      const found = figures.get(one.directory);
      return { facts: one, ...(found === undefined ? {} : { figures: found }) };
    }),
    live: liveRecords(scandir, services).map(({ live, record }): LiveReading => {
      const boot = readRecord(live, BOOT_FILE);
      return { folder: live, record, ...(boot === undefined ? {} : { boot }) };
    }),
    answers,
    own: ownFigures(answers),
    memory: readMemory(),
    tookSeconds: (monotonicMs() - beganMs) / 1000,
  };
}

/** One that was refused is none; nor is one that can't be read. */
function reexecOf(scandir: string): Pick<Reading, "reexec"> {
  try {
    const record = readReexec(scandir);
    return record === undefined || "refused" in record
      ? {}
      : { reexec: { atSeconds: record.at / 1000, pauseSeconds: record.pauseMs / 1000 } };
  } catch (error) {
    if (error instanceof SyscallError) return {};
    throw error;
  }
}

async function inPortions<T>(list: readonly T[], act: (one: T) => void): Promise<void> {
  for (let from = 0; from < list.length; from += AT_ONCE) {
    if (from > 0) await new Promise((resolve) => setTimeout(resolve));
    list.slice(from, from + AT_ONCE).forEach(act);
  }
}

async function observed(services: readonly NamedService[]): Promise<ServiceFacts[]> {
  const missed = missedAmong(services);
  const facts: ServiceFacts[] = [];
  await inPortions(services, (service) => {
    const text = missed.get(service.directory);
    const found = observeService(service);
    facts.push(text === undefined ? found : { ...found, missed: text });
  });
  return facts;
}

/** By the directory of the service. What a log host uses is no single log's. */
async function figuresOfServices(
  facts: readonly ServiceFacts[],
  pss: boolean,
): Promise<Map<string, Figures>> {
  const running = facts.filter(({ status, isHosted }) => !isHosted && (status?.pid ?? 0) !== 0);
  const pids = new Set(running.map(({ status }) => status!.pid >>> 0));
  const trees = pids.size === 0
    ? new Map<number, ProcessStat[]>()
    : processTrees(listProcesses(), pids);
  const figures = new Map<string, Figures>();
  await inPortions(running, ({ directory, status }) => {
    const tree = trees.get(status!.pid >>> 0) ?? [];
    if (tree.length > 0) figures.set(directory, figuresOf(tree, { pss }));
  });
  return figures;
}

/** Only if the pids that were told are those that we see. */
function ownFigures(answers: Answers | undefined): Map<string, Figures> {
  const own = new Map<string, Figures>();
  if (answers?.isNear !== true) return own;
  for (const [from, told] of Map.groupBy(answers.processes, (one) => one.from)) {
    const processes = told.map(({ pid }) => readProcess(pid));
    if (processes.every((process) => process !== undefined)) {
      // children that s6-svscan has reaped are services
      const alone = processes.map((process) => ({ ...process, cpuTicks: process.ownTicks }));
      own.set(from, figuresOf(alone, { pss: false }));
    }
  }
  return own;
}
