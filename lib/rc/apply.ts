/**
 * `hexad apply`: reads the sources of running services again and makes the services match them. It
 * stops and starts, in order, the services that have changed. The others keep running and notice
 * nothing.
 *
 * If a source has a mistake, nothing happens. New service directories are made before anything is
 * stopped. If the exchange fails, the old services are brought up again.
 */
import { encodePath } from "../core/text/path_bytes.ts";
import { removeTree } from "../files/remove_tree.ts";
import { checked } from "../libc/bind.ts";
import { rename } from "../libc/file.ts";
import { writeFileAtomically } from "../libc/small_file.ts";
import type { ChangeSeries } from "./change_series.ts";
import { changedFiles } from "./changed_files.ts";
import type { ApplyInput, ApplyPlan } from "./core/apply_plan.ts";
import { planApply } from "./core/apply_plan.ts";
import { appliedBundles, appliedServices } from "./core/apply_report.ts";
import { COMPILED_FILE, encodeDatabase } from "./core/compiled_form.ts";
import type { RcDatabase, Service, ServiceNumber } from "./core/database.ts";
import { newEngine } from "./core/engine.ts";
import type { Engine } from "./core/engine_state.ts";
import { findingsOf } from "./core/source/finding.ts";
import type { ReadDatabase } from "./core/source/leave_out.ts";
import { encodeState, STATE_FILE } from "./core/state_file.ts";
import { hostConsumers } from "./hosted_consumers.ts";
import { makeLiveFolder, pointTo } from "./live_folder.ts";
import { longruns } from "./live_set.ts";
import { makeRunnerDirectory, makeServicedirs } from "./source_servicedirs.ts";

/** How many times it stops services that somebody else keeps starting again. */
const MAX_ROUNDS = 5;
const EXIT_REFUSED = 1;
const STATE_MODE = 0o644;

/** Where the services of a live folder come from, if they come from sources. */
export interface LiveSources {
  read(): ReadDatabase | Promise<ReadDatabase>;
  /** The bundle that is brought up at boot. Undefined: all services. */
  readonly top: string | undefined;
  /** True for the container's own steps, which are not stopped because of other services. */
  isSpared(service: Service): boolean;
  /** Where `compiled` in the live folder points, and whether the graph is kept there. */
  readonly compiled: string;
  readonly keepsGraph: boolean;
  logscriptOf?(servicedir: string): string | undefined;
  warn(text: string): void;
}

export interface ApplyOptions {
  readonly sources: LiveSources;
  readonly dryRun: boolean;
  /** Called when the live folder has been replaced by another one. */
  onMove(folder: string): void;
}

/** Returns the exit code. @throws {SyscallError} If a file or directory can't be made. */
export async function applySources(series: ChangeSeries, options: ApplyOptions): Promise<number> {
  const { sources, dryRun } = options;
  if (!dryRun) await series.idle();
  const { database, notes } = await sources.read();
  const findings = findingsOf(notes);
  series.show("findings", findings);
  if (findings.some(({ severity }) => severity === "error")) return EXIT_REFUSED;
  const input = (): ApplyInput => ({
    old: series.set.database,
    states: series.set.loop.engine.services,
    new: database,
    top: sources.top,
    isSpared: sources.isSpared,
  });
  const plan = planApply(input());
  const services = appliedServices(input(), plan, filesOf(series, input()));
  const bundles = appliedBundles(series.set.database, database);
  series.show("services", services);
  series.show("bundles", bundles);
  // there can be a difference that is not reported, so the graph is updated in any case
  const isSame = services.length === 0 && bundles.length === 0 &&
    encodeDatabase(series.set.database) === encodeDatabase(database);
  if (dryRun || isSame || series.isCancelled) return 0;
  return await exchange(series, options, input, plan);
}

function filesOf(
  { set }: ChangeSeries,
  { old, new: now }: ApplyInput,
): (before: Service, after: Service) => readonly string[] {
  const nameIn = ({ services }: RcDatabase) => (number: ServiceNumber): string =>
    services[number]!.name;
  return (before, after) =>
    changedFiles(
      before,
      after,
      before.type === "longrun" && before.path !== ""
        ? `${set.folder}/servicedirs/${before.name}`
        : undefined,
      { old: nameIn(old), now: nameIn(now) },
    );
}

async function exchange(
  series: ChangeSeries,
  { sources, onMove }: ApplyOptions,
  input: () => ApplyInput,
  first: ApplyPlan,
): Promise<number> {
  const { set } = series;
  const { new: database } = input();
  const oldFolder = set.folder;
  const folder = makeLiveFolder({
    live: set.live,
    maker: "s6-rc-update",
    scandir: set.scandir,
    prefix: set.prefix,
    compiled: sources.compiled,
    states: database.services.map(() => ({ up: false, wanted: false })),
  });
  const prepared = new Set<string>();
  const stopped = new Set<string>();
  try {
    makeRunnerDirectory(folder);
    let plan = first;
    for (let round = 0;; round++) {
      prepare(folder, database, plan, prepared, sources);
      for (const number of plan.stop) stopped.add(set.database.services[number]!.name);
      if (plan.stop.length === 0) break;
      const isTooMuch = round === MAX_ROUNDS;
      const code = isTooMuch ? EXIT_REFUSED : await series.change({
        direction: "down",
        named: plan.stop,
        forced: true,
        spare: plan.spare,
        isPassing: true,
      });
      await series.idle();
      const isOverrun = set.folder !== oldFolder;
      if (code !== 0 || isOverrun || set.loop.engine.closed || series.isCancelled) {
        if (isTooMuch) series.fail("unable to stop services that are started again and again");
        if (isOverrun) series.fail("the services have been updated meanwhile");
        removeTree(folder);
        await bringBack(series, stopped);
        return code === 0 ? EXIT_REFUSED : code;
      }
      plan = planApply(input());
    }
    const start = startsAfter(plan, database, stopped);
    await switchTo(series, { folder, database, plan, sources, onMove });
    return await series.change({ direction: "up", named: start, isPassing: false });
  } catch (error) {
    if (set.folder !== folder) {
      removeTree(folder);
      await bringBack(series, stopped);
    }
    throw error;
  }
}

/**
 * Services that were stopped for this change. They are down by now, so the last plan lacks them.
 */
function startsAfter(
  { start }: ApplyPlan,
  { services }: RcDatabase,
  stopped: ReadonlySet<string>,
): ServiceNumber[] {
  const again = services.filter(({ name }) => stopped.has(name)).map(({ number }) => number);
  return [...new Set([...start, ...again])].sort((a, b) => a - b);
}

async function bringBack(series: ChangeSeries, names: ReadonlySet<string>): Promise<void> {
  const { database } = series.set;
  const named = database.services.filter(({ name }) => names.has(name)).map(({ number }) => number);
  if (named.length > 0) await series.change({ direction: "up", named, isPassing: true });
}

/** Makes the new service directories before anything is stopped. */
function prepare(
  folder: string,
  database: RcDatabase,
  { kept }: ApplyPlan,
  prepared: Set<string>,
  { logscriptOf, warn }: LiveSources,
): void {
  const fresh = longruns(database).filter(({ number, name }) =>
    !kept.has(number) && !prepared.has(name)
  );
  makeServicedirs(folder, fresh, warn);
  if (logscriptOf !== undefined) hostConsumers(folder, fresh, logscriptOf);
  for (const { name } of fresh) prepared.add(name);
}

interface Switch {
  readonly folder: string;
  readonly database: RcDatabase;
  readonly plan: ApplyPlan;
  readonly sources: LiveSources;
  onMove(folder: string): void;
}

/** Resolves once each new service has a supervisor. */
function switchTo(
  { set }: ChangeSeries,
  { folder, database, plan, sources, onMove }: Switch,
): Promise<void> {
  const goingOn = new Map<string, string>();
  for (const { number, name } of longruns(database)) {
    if (plan.kept.has(number)) goingOn.set(name, name);
  }
  const engine = continued(set.loop.engine, database, plan);
  writeFileAtomically(
    `${folder}/${STATE_FILE}`,
    encodeState(engine.services),
    STATE_MODE,
  );
  const oldFolder = set.folder;
  const moved: string[] = [];
  try {
    for (const name of goingOn.keys()) {
      const [from, to] = [`${oldFolder}/servicedirs/${name}`, `${folder}/servicedirs/${name}`];
      removeTree(to); // it was prepared, but the service keeps running after all
      checked(`rename ${from} to ${to}`, rename(from, to));
      moved.push(name);
    }
    if (sources.keepsGraph) {
      writeFileAtomically(
        `${sources.compiled}/${COMPILED_FILE}`,
        encodePath(encodeDatabase(database)),
        STATE_MODE,
      );
    }
    pointTo(folder, set.live);
  } catch (error) {
    for (const name of moved) {
      rename(`${folder}/servicedirs/${name}`, `${oldFolder}/servicedirs/${name}`);
    }
    throw error;
  }
  const supervised = Promise.withResolvers<void>();
  set.switchTo(folder, database, engine, goingOn, supervised.resolve);
  onMove(folder);
  removeTree(oldFolder);
  return supervised.promise;
}

/** Keeps what is known of services that keep running or have the name of an old one. */
function continued(old: Engine, database: RcDatabase, { kept }: ApplyPlan): Engine {
  const fresh = newEngine(database);
  const before = new Map(
    old.database.services.map(({ name, number }) => [name, old.services[number]!]),
  );
  return {
    ...fresh,
    closed: old.closed,
    services: database.services.map(({ number, name }) => {
      const known = before.get(name);
      if (known === undefined) return fresh.services[number]!;
      if (kept.has(number)) return known;
      return { ...fresh.services[number]!, wanted: known.wanted, seasoned: known.seasoned };
    }),
  };
}
