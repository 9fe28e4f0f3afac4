/**
 * A look at many services at once: their state, what their processes use, and the last lines of
 * their logs.
 */
import { CATCHALL_LOGGER } from "../scandir/core/svscan_names.ts";
import { type ProcessStat, processTrees } from "../core/linux/process_stat.ts";
import type { ServiceReport } from "../status/core/service_report.ts";
import type { ServiceFacts } from "../status/core/service_state.ts";
import { lastLine, readLine } from "../logdir/last_line.ts";
import { logdirsOfLogger, type Logger, pipeBehind } from "../logdir/locate.ts";
import { listProcesses } from "../procfs/processes.ts";
import { usageOfTree } from "../procfs/usage.ts";
import { observeService } from "../servicedir/observe.ts";
import type { NamedService } from "../servicedir/named_service.ts";
import { keptLinesOf } from "./kept_output.ts";
import { missedAmong } from "./missed.ts";

type Trees = ReadonlyMap<number, readonly ProcessStat[]>;

/**
 * Reports on the services at `services`, in that order.
 *
 * @param others More services among which a logger of theirs may be
 */
export function reportOn(
  services: readonly NamedService[],
  others: readonly NamedService[] = [],
): ServiceReport[] {
  const { all, trees, find } = lookForLoggers(services, others);
  return withKeptLines(
    services.map((service) => report(all.get(service.directory)!, trees, find)),
  );
}

/** Services without a log directory get the last line that is kept in memory, if one is. */
function withKeptLines(reports: readonly ServiceReport[]): ServiceReport[] {
  const mute = reports.filter(({ facts, logdir }) =>
    logdir === undefined && !facts.isLogger && facts.supervised
  );
  const lines = new Map(
    keptLinesOf(mute.map(({ facts }) => facts), 1).map(({ label, bytes }) => [label, bytes]),
  );
  if (lines.size === 0) return [...reports];
  return reports.map((one) => {
    const bytes = mute.includes(one) ? lines.get(one.facts.name) : undefined;
    return bytes === undefined ? one : { ...one, lastLine: readLine(bytes.subarray(0, -1)) };
  });
}

/**
 * The log directories of services, by the directory of the service; of each the one that was
 * written to last first.
 */
export function logdirsOfServices(
  services: readonly NamedService[],
  others: readonly NamedService[] = [],
): Map<string, string[]> {
  const { all, find } = lookForLoggers(services, others);
  return new Map(
    services.map(({ directory }) => [directory, logdirsOfLogger(find(all.get(directory)!))]),
  );
}

interface Look {
  readonly all: ReadonlyMap<string, ServiceFacts>;
  readonly trees: Trees;
  readonly find: FindLogger;
}

function lookForLoggers(services: readonly NamedService[], others: readonly NamedService[]): Look {
  const missed = missedAmong([...others, ...services]);
  const all = new Map(
    [...others, ...services].map((service) => {
      const text = missed.get(service.directory);
      const facts = observeService(service);
      return [service.directory, text === undefined ? facts : { ...facts, missed: text }];
    }),
  );
  const pids = new Set([...all.values()].map(pidOf).filter((pid) => pid !== 0));
  const trees: Trees = pids.size === 0 ? new Map() : processTrees(listProcesses(), pids);
  return { all, trees, find: loggerFinder([...all.values()], trees) };
}

type FindLogger = (facts: ServiceFacts) => Logger;

/** Of a process of its own: what a log host uses is no single log's. */
function pidOf({ status, isHosted }: ServiceFacts): number {
  return status === undefined || isHosted ? 0 : status.pid >>> 0;
}

function report(facts: ServiceFacts, trees: Trees, find: FindLogger): ServiceReport {
  const tree = trees.get(pidOf(facts)) ?? [];
  const [logdir] = logdirsOfLogger(find(facts));
  const line = logdir === undefined || facts.isLogger ? undefined : lastLine(logdir);
  return {
    facts,
    ...(tree.length === 0 ? {} : { usage: usageOfTree(tree) }),
    ...(logdir === undefined ? {} : { logdir }),
    ...(line === undefined ? {} : { lastLine: line }),
  };
}

/**
 * Finds the logger of a service: its `log`, or whoever reads the pipe that it writes to, or itself.
 */
function loggerFinder(all: readonly ServiceFacts[], trees: Trees): FindLogger {
  const byDirectory = new Map(all.map((facts) => [facts.directory, facts]));
  let readers: Map<string, ServiceFacts> | undefined; // made when the first service asks
  const loggerOf = (facts: ServiceFacts): Logger => ({
    directory: facts.directory,
    pids: (trees.get(pidOf(facts)) ?? []).map(({ pid }) => pid),
  });
  return (facts) => {
    if (facts.isLogger) return loggerOf(facts);
    const own = byDirectory.get(`${facts.directory}/log`);
    if (own !== undefined) return loggerOf(own);
    const pid = pidOf(facts);
    const pipe = pid === 0 ? undefined : pipeBehind(pid, 1);
    if (pipe !== undefined) readers ??= readersOf(all);
    // a service that is no logger's producer may be a logger itself
    return loggerOf(readers?.get(pipe ?? "") ?? facts);
  };
}

/** The services by the pipe that is their standard input. */
function readersOf(all: readonly ServiceFacts[]): Map<string, ServiceFacts> {
  const readers = new Map<string, ServiceFacts>();
  for (const facts of all) {
    const pid = pidOf(facts);
    // the catch-all logger reads everybody's lines: they belong to no service in particular
    const pipe = pid === 0 || facts.name === CATCHALL_LOGGER ? undefined : pipeBehind(pid, 0);
    if (pipe !== undefined) readers.set(pipe, facts);
  }
  return readers;
}
