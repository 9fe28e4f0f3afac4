/**
 * The contents of a scan directory: the services that s6-svscan knows, those that a scan has found,
 * and the difference. Pure.
 *
 * A service is a directory, identified by device and inode: its name may change, and another
 * directory may take its name. A service with a subdirectory log/ is a producer: its standard
 * output is a pipe into the logger's standard input. s6-svscan keeps each end open as long as the
 * service at that end is wanted or alive, so a restart of either loses nothing. Source:
 * s6-svscan(8), scandir(7) of s6.
 */

/** Device and inode, as one string. */
export type Devino = string;

/** A directory that a scan found. */
export interface FoundService {
  readonly name: string;
  readonly devino: Devino;
  /** Its log/ subdirectory, if it has one. */
  readonly log?: Devino;
}

/** The result of one look at the scan directory. */
export interface ScanResult {
  readonly found: readonly FoundService[];
  /** Names that could not be examined just now. Services known by these names stay as they are. */
  readonly unclear: readonly string[];
  /** Warnings about names. */
  readonly warnings?: readonly string[];
}

/** A known service: wanted now, or no longer wanted but still alive. */
export interface KnownService {
  readonly devino: Devino;
  readonly name: string;
  /** The devino of a logger's producer, or of a producer's logger. */
  readonly peer?: Devino;
  readonly isLogger: boolean;
  /** The last scan found it. Only then is it restarted when its supervisor ends. */
  readonly active: boolean;
}

export type ScanAction =
  /**
   * A new service. With a peer it is one end of a new pipe, and the plan also has an `add` or
   * `pair` for the peer.
   */
  | { readonly kind: "add"; readonly service: KnownService }
  /** A service has gained a logger. The next process that it starts writes into the pipe. */
  | { readonly kind: "pair"; readonly devino: Devino; readonly peer: Devino }
  | { readonly kind: "rename"; readonly devino: Devino; readonly name: string }
  | { readonly kind: "activate"; readonly devino: Devino }
  | { readonly kind: "deactivate"; readonly devino: Devino }
  | { readonly kind: "warn"; readonly text: string };

export interface ScanPlan {
  readonly actions: readonly ScanAction[];
  /** Scan again after this many seconds, because something must wait until then. */
  readonly retrySeconds?: number;
}

export interface ScanLimits {
  /** The most services, including loggers. */
  readonly servicesMax: number;
  /** The length in bytes of the longest name. */
  readonly nameMax: number;
}

const RETRY_MOVED_SECONDS = 10;
const RETRY_TOO_MANY_SECONDS = 60;

/** Compares one scan with what is known, and builds the plan. */
class Planner {
  readonly actions: ScanAction[] = [];
  readonly #known: ReadonlyMap<Devino, KnownService>;
  readonly #seen = new Set<Devino>();
  readonly #servicesMax: number;
  #count: number;
  /** Services for which there is no room: the first, their number, and the place of the warning. */
  #refused: { readonly first: string; readonly at: number; count: number } | undefined;
  retrySeconds: number | undefined;

  constructor(known: ReadonlyMap<Devino, KnownService>, servicesMax: number) {
    this.#known = known;
    this.#servicesMax = servicesMax;
    this.#count = known.size;
  }

  #wait(seconds: number, text: string): void {
    this.actions.push({ kind: "warn", text });
    this.retrySeconds = Math.min(this.retrySeconds ?? seconds, seconds);
  }

  #keep(service: KnownService, name: string): void {
    this.#seen.add(service.devino);
    if (service.name !== name) this.actions.push({ kind: "rename", devino: service.devino, name });
    if (!service.active) this.actions.push({ kind: "activate", devino: service.devino });
  }

  #add(service: KnownService): void {
    this.#seen.add(service.devino);
    this.#count++;
    this.actions.push({ kind: "add", service });
  }

  #hasRoom(name: string, wanted: number): boolean {
    if (this.#count + wanted <= this.#servicesMax) return true;
    this.#refuse(name);
    return false;
  }

  /** Refuses a service for lack of room. All of these share one warning. */
  #refuse(name: string): void {
    if (this.#refused === undefined) {
      this.#refused = { first: name, at: this.actions.length, count: 0 };
      this.#wait(RETRY_TOO_MANY_SECONDS, "");
    }
    const { first, at } = this.#refused;
    const others = this.#refused.count++;
    const names = others === 0 ? first : `${first} and ${others} others`;
    const text =
      `unable to start supervisor for ${names}: too many services (s6-svscan -C raises the limit of ${this.#servicesMax})`;
    this.actions[at] = { kind: "warn", text };
  }

  /** The reason why a found service, or its logger, can't be accepted as it is. */
  #obstacle({ name, devino, log }: FoundService): string | undefined {
    const service = this.#known.get(devino);
    if (service?.isLogger) {
      return `old service ${service.name} still exists, waiting to call it ${name}`;
    }
    if (log === undefined) return undefined;
    if (this.#seen.has(log) || log === devino) {
      return `${name}/log is the directory of another service, waiting`;
    }
    const logger = this.#known.get(log);
    if (logger !== undefined && logger.peer !== devino) {
      return `old service ${logger.name} still exists, waiting to make it the logger of ${name}`;
    }
    if (service?.peer !== undefined && service.peer !== log) {
      return `old logger of ${name} still exists, waiting`;
    }
    return undefined;
  }

  visit(found: FoundService): void {
    if (this.#seen.has(found.devino)) return; // two names for one directory: the first one wins
    const service = this.#known.get(found.devino);
    const obstacle = this.#obstacle(found);
    if (obstacle !== undefined) {
      if (service !== undefined && !service.isLogger) this.#keep(service, found.name);
      return this.#wait(RETRY_MOVED_SECONDS, obstacle);
    }
    if (service === undefined) return this.#visitNew(found);
    this.#keep(service, found.name);
    if (found.log === undefined) this.#visitLoggerGone(service, found.name);
    else this.#visitLogger(found.devino, found.log, `${found.name}/log`);
  }

  #visitLoggerGone({ peer }: KnownService, name: string): void {
    if (peer === undefined || !this.#known.get(peer)?.active) return;
    this.actions.push({ kind: "warn", text: `logger for service ${name} has been moved` });
  }

  #visitLogger(producer: Devino, devino: Devino, name: string): void {
    const logger = this.#known.get(devino);
    if (logger !== undefined) return this.#keep(logger, name);
    if (!this.#hasRoom(name, 1)) return;
    this.#add({ devino, name, peer: producer, isLogger: true, active: true });
    this.actions.push({ kind: "pair", devino: producer, peer: devino });
  }

  #visitNew({ name, devino, log }: FoundService): void {
    if (!this.#hasRoom(name, log === undefined ? 1 : 2)) return;
    if (log === undefined) return this.#add({ devino, name, isLogger: false, active: true });
    this.#add({ devino: log, name: `${name}/log`, peer: devino, isLogger: true, active: true });
    this.#add({ devino, name, peer: log, isLogger: false, active: true });
  }

  /** Concludes nothing from names that could not be examined. */
  leaveAlone(names: readonly string[]): void {
    const unclear = new Set(names.flatMap((name) => [name, `${name}/log`]));
    for (const { devino, name } of this.#known.values()) {
      if (unclear.has(name)) this.#seen.add(devino);
    }
  }

  deactivateUnseen(): void {
    for (const { devino, active } of this.#known.values()) {
      if (active && !this.#seen.has(devino)) this.actions.push({ kind: "deactivate", devino });
    }
  }
}

export function planScan(
  known: ReadonlyMap<Devino, KnownService>,
  scan: ScanResult,
  limits: ScanLimits,
): ScanPlan {
  const planner = new Planner(known, limits.servicesMax);
  for (const service of scan.found) planner.visit(service);
  planner.leaveAlone(scan.unclear);
  planner.deactivateUnseen();
  const { actions, retrySeconds } = planner;
  return retrySeconds === undefined ? { actions } : { actions, retrySeconds };
}

/** The order that a byte on `.s6-svscan/control`, or a signal, stands for. */
export type ScandirOrder =
  | { readonly kind: "reap" }
  /** Scan now; then, with `prune`, end the supervisors of services that have gone. */
  | { readonly kind: "scan"; readonly prune: boolean }
  /**
   * End the supervisors of services that the last scan did not find. If `hard`, loggers get SIGTERM
   * instead of SIGHUP.
   */
  | { readonly kind: "prune"; readonly hard: boolean }
  /** End all supervisors, wait for them, leave. */
  | { readonly kind: "terminate"; readonly hard: boolean }
  /** Leave at once. */
  | { readonly kind: "abort" };

const ORDERS: Readonly<Record<string, ScandirOrder>> = {
  z: { kind: "reap" },
  a: { kind: "scan", prune: false },
  b: { kind: "abort" },
  h: { kind: "scan", prune: true },
  i: { kind: "terminate", hard: false },
  t: { kind: "terminate", hard: false },
  q: { kind: "terminate", hard: true },
  n: { kind: "prune", hard: false },
  N: { kind: "prune", hard: true },
};

/** The byte `e`: the process becomes the program that now stands at its path. C does not know it. */
export const REEXEC_ORDER = 0x65;

/** The order of a byte on the control FIFO; `undefined` if there is none. */
export function orderOfByte(byte: number): ScandirOrder | undefined {
  return ORDERS[String.fromCharCode(byte)];
}

/** The warning about unknown control bytes; undefined if all are known. */
export function unknownBytes(bytes: readonly number[]): string | undefined {
  const unknown = new Set(bytes.filter((byte) => orderOfByte(byte) === undefined));
  const [first] = unknown;
  if (first === undefined) return undefined;
  const others = unknown.size === 1 ? "" : ` and ${unknown.size - 1} others`;
  const letter = JSON.stringify(String.fromCharCode(first));
  return `received unknown control command: ${letter}${others} (ignoring it)`;
}

export function essentialEndText(name: string, code: number): string {
  return `the essential service ${name} has ended for good with exit code ${code} (ending all services)`;
}

/** Signals whose built-in meaning `.s6-svscan/SIGxxx` can replace, and that meaning. */
export const SIGNAL_ORDERS: Readonly<Record<string, ScandirOrder | undefined>> = {
  SIGHUP: { kind: "scan", prune: true },
  SIGINT: { kind: "terminate", hard: false },
  SIGTERM: { kind: "terminate", hard: false },
  SIGQUIT: { kind: "terminate", hard: true },
  SIGUSR1: undefined,
  SIGUSR2: undefined,
  SIGPWR: undefined,
  SIGWINCH: undefined,
};
