/**
 * What a scan directory asks for: the services that s6-svscan knows, what a scan has found, and the
 * difference between them. Pure.
 *
 * A service is a directory, known by device and inode: its name may change, and another directory
 * may take its name. One with a subdirectory log/ is a producer, whose standard output is a pipe
 * into the standard input of the logger. Both ends stay open in s6-svscan as long as the service at
 * that end is wanted or alive, so that a restart of either loses nothing. Source: s6-svscan(8),
 * scandir(7) of s6.
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

/** What one look at the scan directory showed. */
export interface ScanResult {
  readonly found: readonly FoundService[];
  /**
   * Names that could not be looked at just now: whatever is known by such a name stays as it is.
   */
  readonly unclear: readonly string[];
  /** What is wrong with names. */
  readonly warnings?: readonly string[];
}

/** A service that is known: wanted now, or no longer wanted and still alive. */
export interface KnownService {
  readonly devino: Devino;
  readonly name: string;
  /** For a logger the devino of its producer, for a producer that of its logger. */
  readonly peer?: Devino;
  readonly isLogger: boolean;
  /** The last scan found it. Only such a service is started again when its supervisor ends. */
  readonly active: boolean;
}

export type ScanAction =
  /**
   * A new service; with a peer it is one end of a new pipe, and its peer's `add` or `pair` stands
   * beside it.
   */
  | { readonly kind: "add"; readonly service: KnownService }
  /** A service that had no logger has one from now on: what it starts next writes into the pipe. */
  | { readonly kind: "pair"; readonly devino: Devino; readonly peer: Devino }
  | { readonly kind: "rename"; readonly devino: Devino; readonly name: string }
  | { readonly kind: "activate"; readonly devino: Devino }
  | { readonly kind: "deactivate"; readonly devino: Devino }
  | { readonly kind: "warn"; readonly text: string };

export interface ScanPlan {
  readonly actions: readonly ScanAction[];
  /** Scan again after so many seconds, since something must wait until then. */
  readonly retrySeconds?: number;
}

export interface ScanLimits {
  /** Services, loggers included. */
  readonly servicesMax: number;
  /** Bytes of the longest name. */
  readonly nameMax: number;
}

const RETRY_MOVED_SECONDS = 10;
const RETRY_TOO_MANY_SECONDS = 60;

/** One scan against what is known; builds the plan. */
class Planner {
  readonly actions: ScanAction[] = [];
  readonly #known: ReadonlyMap<Devino, KnownService>;
  readonly #seen = new Set<Devino>();
  readonly #servicesMax: number;
  #count: number;
  /** Those for which there is no room: the first, how many, and where that is said. */
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

  /** However many there is no room for, that is one warning. */
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

  /** What keeps a found service, or its logger, from being taken as it is found. */
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
    if (this.#seen.has(found.devino)) return; // two names for one directory: the first one counts
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

  /** Nothing is concluded from a name that could not be looked at. */
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

/** What to do after a scan. */
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

/** What a byte on `.s6-svscan/control`, or a signal, asks for. */
export type ScandirOrder =
  | { readonly kind: "reap" }
  /** Scan now; then, with `prune`, end the supervisors of what is no longer there. */
  | { readonly kind: "scan"; readonly prune: boolean }
  /**
   * End the supervisors of what was not there at the last scan; loggers get SIGTERM instead of
   * SIGHUP if `hard`.
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

/** The order that a byte on the control FIFO stands for; `undefined` if none. */
export function orderOfByte(byte: number): ScandirOrder | undefined {
  return ORDERS[String.fromCharCode(byte)];
}

/** The warning of control bytes that mean nothing; undefined if all mean something. */
export function unknownBytes(bytes: readonly number[]): string | undefined {
  const unknown = new Set(bytes.filter((byte) => orderOfByte(byte) === undefined));
  const [first] = unknown;
  if (first === undefined) return undefined;
  const others = unknown.size === 1 ? "" : ` and ${unknown.size - 1} others`;
  const letter = JSON.stringify(String.fromCharCode(first));
  return `received unknown control command: ${letter}${others} (ignoring it)`;
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
