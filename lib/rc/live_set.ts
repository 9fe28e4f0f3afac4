/**
 * The services of one live folder in the supervising process: the loop, its links in the scan
 * directory, its pipes and its socket. s6-rc-init asks for one; /init makes its own.
 */
import { HEALTHY_EVENT, UNHEALTHY_EVENT } from "../health/core/health_machine.ts";
import { EBUSY } from "../core/linux/errno.ts";
import { SyscallError } from "../libc/bind.ts";
import { unlink } from "../libc/file.ts";
import { exitStatusOf } from "../core/linux/wstat.ts";
import type { ScandirProcess, ServiceCompanion } from "../scandir/scandir_process.ts";
import type { Stdio } from "../supervise/port.ts";
import type { Longrun, RcDatabase, Service } from "./core/database.ts";
import { newEngine } from "./core/engine.ts";
import type { Engine, LongrunNews } from "./core/engine_state.ts";
import type { RecordedOmission } from "./core/live_record.ts";
import type { StateBits } from "./core/state_file.ts";
import { linkService } from "./live_folder.ts";
import { RcLoop } from "./loop.ts";
import { LogWatches } from "./log_watches.ts";
import { OutputRelays } from "./output_relays.ts";
import { Pipelines } from "./pipelines.ts";
import { startProbe, tryOf } from "./probes.ts";
import { Recorder } from "./recorder.ts";
import { RcSystem, type RcSystemOptions } from "./system.ts";

export interface LiveSetOptions {
  readonly process: ScandirProcess;
  /** The path of the live folder that users know. */
  readonly live: string;
  /** The folder itself. */
  readonly folder: string;
  /** Absolute. */
  readonly scandir: string;
  /** Before each service's name in the scan directory. */
  readonly prefix: string;
  readonly database: RcDatabase;
  readonly states: readonly StateBits[];
  /** The environment that conditions look at; absent: our own. */
  environment?(): ReadonlyMap<string, string>;
  /**
   * Handles a script whose program is this process itself, and returns its exit code; undefined:
   * the script runs another program. Absent: there are no such scripts.
   */
  ownScript?: RcSystemOptions["ownScript"];
  isOurLine?: RcSystemOptions["isOurLine"];
  /** Whether we relay what oneshots write to our own output, and keep the end of it. */
  readonly keepsOutput?: boolean;
  /** With it: whether their lines have their names, as those of services without a log have. */
  readonly namesOutput?: boolean;
  /** Definitions that were left out of the services; absent: none. */
  readonly leftOut?: readonly RecordedOmission[];
  warn(text: string): void;
}

/** A byte of `.s6-svscan/control`: look at the scan directory now. */
const SCAN = "a".charCodeAt(0);

export class LiveSet implements ServiceCompanion {
  readonly loop: RcLoop;
  readonly system: RcSystem;
  readonly #options: LiveSetOptions;
  readonly #recorder: Recorder;
  readonly #pipelines = new Pipelines();
  readonly #logWatches: LogWatches;
  /**
   * Keyed by the name in the scan directory that a supervisor started with. Its events carry that
   * name as long as it lives.
   */
  #byEventName = new Map<string, Longrun>();
  /** Keyed by the present name in the scan directory. */
  #byName = new Map<string, Longrun>();
  /** Services whose supervisors have not started yet. */
  readonly #awaited = new Set<string>();
  /** Those of them that are to be brought up as soon as they have a supervisor. */
  readonly #deferred = new Set<Longrun>();
  /** Readiness probes that are running. */
  readonly #probes = new Map<string, Disposable>();
  #onSupervised: (() => void) | undefined;
  #database: RcDatabase;
  #folder: string;

  constructor(options: LiveSetOptions) {
    this.#options = options;
    const { process, live, folder, warn, database } = options;
    this.#database = database;
    this.#folder = folder;
    this.system = new RcSystem({
      reaper: process.reaper,
      live,
      folder,
      supervisorOf: ({ name }) => process.scandir.supervisorOf(`${options.prefix}${name}`),
      defer: (service, order) => this.#defer(service, order),
      scriptEnded: (service, script, code, line) =>
        this.loop.scriptEnded(service, script, code, line),
      wake: () => this.loop.wake(),
      lastLineOf: (name) => this.#logWatches.lastLineOf(name),
      prefix: options.prefix,
      lastLines: (onLines) => process.lastLines(onLines),
      warn,
      ...(options.environment === undefined ? {} : { environment: options.environment }),
      ...(options.isOurLine === undefined ? {} : { isOurLine: options.isOurLine }),
      ...(options.ownScript === undefined ? {} : { ownScript: options.ownScript }),
      ...(options.keepsOutput !== true ? {} : {
        relays: new OutputRelays({
          poller: process.poller,
          folder: () => this.#folder,
          oneshotCount: database.oneshotCount,
          outputs: [1, 2],
          ...(options.namesOutput !== true
            ? {}
            : { named: (name) => process.scandir.pipes.open(name) }),
        }),
      }),
    });
    this.#logWatches = new LogWatches(process.poller, warn);
    this.#recorder = new Recorder({
      folder,
      prefix: options.prefix,
      leftOut: options.leftOut ?? [],
      warn,
    });
    this.loop = new RcLoop(
      this.system,
      newEngine(database, options.states),
      (engine) => this.#recorder.onStep(engine),
    );
  }

  get live(): string {
    return this.#options.live;
  }

  get database(): RcDatabase {
    return this.#database;
  }

  /** The live folder itself. */
  get folder(): string {
    return this.#folder;
  }

  get scandir(): string {
    return this.#options.scandir;
  }

  get prefix(): string {
    return this.#options.prefix;
  }

  /**
   * Links the services into the scan directory, where each gets a supervisor. `onSupervised` is
   * called once all have one. A change may begin earlier; it continues with each service as that
   * gets its supervisor.
   *
   * @throws {SyscallError} If a link or a pipe can't be made; all of them are removed then.
   */
  begin(onSupervised: () => void): void {
    const { scandir, prefix } = this.#options;
    this.#pipelines.open(this.#database);
    const linked: string[] = [];
    try {
      for (const service of longruns(this.#database)) {
        const name = `${prefix}${service.name}`;
        if (this.#options.process.scandir.supervisorOf(name) !== undefined) {
          throw new SyscallError(`supervise ${name}`, EBUSY);
        }
        linkService(`${this.#folder}/servicedirs/${service.name}`, `${scandir}/${name}`);
        linked.push(name);
        this.#byEventName.set(name, service);
        this.#byName.set(name, service);
        this.#awaited.add(name);
      }
    } catch (error) {
      for (const name of linked) unlink(`${scandir}/${name}`);
      this.#byEventName.clear();
      this.#byName.clear();
      this.#pipelines.closeAll();
      throw error;
    }
    this.#onSupervised = onSupervised;
    this.#options.process.scandir.command(SCAN);
    this.#tellIfSupervised();
  }

  /**
   * Switches to another database and another live folder. Services that keep running have already
   * been moved there. Must not be called while something is being changed.
   *
   * @param goingOn The new name of each longrun that keeps running, by its old name
   * @throws {SyscallError} If a link or a pipe can't be made. Those services then have no
   *   supervisor.
   */
  switchTo(
    folder: string,
    database: RcDatabase,
    engine: Engine,
    goingOn: ReadonlyMap<string, string>,
    onSupervised: () => void,
  ): void {
    const { process, scandir, prefix } = this.#options;
    const newNames = new Map(longruns(database).map((service) => [service.name, service]));
    const leaving = [...this.#byName.values()].filter(({ name }) => !goingOn.has(name)).map((
      { name },
    ) => process.scandir.supervisorOf(`${prefix}${name}`));
    for (const name of this.#byName.keys()) unlink(`${scandir}/${name}`);
    const byEventName = new Map<string, Longrun>();
    for (const [eventName, { name }] of this.#byEventName) {
      const service = newNames.get(goingOn.get(name) ?? "");
      if (service !== undefined) byEventName.set(eventName, service);
    }
    this.#database = database;
    this.#folder = folder;
    this.#byEventName = byEventName;
    this.#byName = new Map();
    this.#awaited.clear();
    this.system.moveTo(folder);
    this.#recorder.moveTo(folder);
    this.loop.replace(engine);
    const kept = new Set(goingOn.values());
    for (const service of newNames.values()) {
      const name = `${prefix}${service.name}`;
      this.#byName.set(name, service);
      if (kept.has(service.name)) continue;
      byEventName.set(name, service);
      this.#awaited.add(name);
    }
    this.#onSupervised = onSupervised;
    this.#logWatches.rename(goingOn);
    this.#pipelines.rename(goingOn, database);
    this.#pipelines.open(database);
    for (const [name, service] of this.#byName) {
      linkService(`${folder}/servicedirs/${service.name}`, `${scandir}/${name}`);
    }
    process.scandir.command(SCAN);
    for (const supervisor of leaving) {
      supervisor?.handle("x");
      supervisor?.handle("d");
    }
    this.#tellIfSupervised();
  }

  /** Ends its supervisors and releases everything it holds. Nothing is changed after this. */
  end(): void {
    this.system.release();
    this.#recorder.end();
    for (const probe of this.#probes.values()) probe[Symbol.dispose]();
    this.#probes.clear();
    this.#logWatches.end();
    this.#pipelines.closeAll();
  }

  /**
   * Takes an order for a service whose supervisor has not started yet. Returns whether the service
   * is in that state.
   */
  #defer(service: Longrun, order: "up" | "down"): boolean {
    if (!this.#awaited.has(`${this.#options.prefix}${service.name}`)) return false;
    if (order === "up") this.#deferred.add(service);
    else this.#deferred.delete(service);
    return true;
  }

  /** Its supervisor has started: carries out the order that came in the meantime. */
  #catchUp(service: Longrun): void {
    if (!this.#deferred.delete(service)) return;
    // the scan directory knows the supervisor only after the current call returns
    queueMicrotask(() => {
      for (const news of this.system.order(service, "up")) this.loop.hear(service.number, news);
    });
  }

  #tellIfSupervised(): void {
    if (this.#awaited.size > 0) return;
    const tell = this.#onSupervised;
    this.#onSupervised = undefined;
    // the scan directory does not know the new supervisor yet
    if (tell !== undefined) queueMicrotask(tell);
  }

  onEvents(name: string, events: string): void {
    const service = this.#byEventName.get(name);
    if (service === undefined) return;
    for (const event of events) {
      this.#probe(name, service, event);
      const news = this.#newsOf(service, event);
      if (news !== undefined) this.loop.hear(service.number, news);
    }
    // an old supervisor of the same name that is still ending sends other events
    if (!events.includes("s") || !this.#awaited.delete(name)) return;
    this.#catchUp(service);
    this.#tellIfSupervised();
  }

  /** Probes a process that can't report its own readiness, as long as it lives. */
  #probe(name: string, service: Longrun, event: string): void {
    const { probe } = service;
    if (probe?.kind === "log" && event !== "u") this.#logWatches.hear(service.name, event);
    if (probe === undefined || (event !== "u" && event !== "d")) return;
    this.#probes.get(name)?.[Symbol.dispose]();
    this.#probes.delete(name);
    if (event === "d") return;
    const { process, prefix } = this.#options;
    const isReady = (): void => {
      const current = this.#byEventName.get(name);
      if (current !== undefined) {
        process.scandir.supervisorOf(`${prefix}${current.name}`)?.becameReady();
      }
    };
    const attempt = tryOf(probe);
    if (attempt !== undefined) this.#probes.set(name, startProbe(attempt, isReady));
    else if (!this.#logWatches.expect(service.name, isReady)) {
      queueMicrotask(isReady); // we can't see its output, so started is all that we know
    }
  }

  #newsOf({ name }: Longrun, event: string): LongrunNews | undefined {
    switch (event) {
      case "u":
        return { kind: "spawned" };
      case "U":
        return { kind: "ready" };
      case HEALTHY_EVENT:
        return { kind: "healthy" };
      case UNHEALTHY_EVENT:
        return { kind: "unhealthy" };
      case "d": {
        const wstat =
          this.#options.process.scandir.supervisorOf(`${this.#options.prefix}${name}`)?.status
            .wstat ??
            0;
        return { kind: "died", exitCode: exitStatusOf(wstat) };
      }
      case "D":
        return { kind: "down" };
      case "O":
        return { kind: "over" };
      case "x":
        return { kind: "gone", code: 1 };
      default:
        return undefined;
    }
  }

  onUnspawnable(name: string, code: number, why: string): void {
    const service = this.#byEventName.get(name);
    if (service !== undefined) this.loop.hear(service.number, { kind: "unspawnable", code, why });
  }

  worksOn(name: string): boolean {
    return this.#byName.has(name);
  }

  givenStdio(name: string, pipeFd: number | undefined): Stdio | undefined {
    const service = this.#byName.get(name);
    if (service === undefined) return undefined;
    return this.#logWatches.stdioOf(
      service,
      this.#pipelines.stdioOf(service, this.#database),
      pipeFd,
    );
  }
}

/** The longruns that have a service directory and a supervisor. */
export function longruns({ services }: RcDatabase): Longrun[] {
  return services.filter((service: Service): service is Longrun =>
    service.type === "longrun" && service.path !== ""
  );
}
