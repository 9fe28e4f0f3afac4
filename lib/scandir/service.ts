/**
 * One service of a scan directory, as the loop keeps it: its facts from the plan, its end of a
 * pipe, and its supervisor.
 */
import type { ServiceCounts } from "../counters/core/counts.ts";
import { CATCHALL_LOGGER } from "./core/svscan_names.ts";
import type { Devino, KnownService } from "./core/scandir.ts";
import type { HeldService } from "./core/handover.ts";
import type { HeldSupervisor } from "../supervise/core/held_supervisor.ts";
import type { Stdio } from "../supervise/port.ts";
import type { OutputLog, SupervisorHandle } from "./port.ts";

/** @param pipeFd Where it would write, if that is its own pipe */
export type GivenStdio = (name: string, pipeFd: number | undefined) => Stdio | undefined;

export class Service implements KnownService, Stdio {
  readonly devino: Devino;
  readonly isLogger: boolean;
  name: string;
  peer?: Devino;
  active = true;
  supervisor: SupervisorHandle | undefined;
  /** Our copy of its end of the pipe: a producer's write end, a logger's read end. */
  pipeFd: number | undefined;
  /** The reader of that pipe for a producer without a logger. */
  output: OutputLog | undefined;
  /** The earliest time at which its supervisor may be started again. */
  nextBeginMs = 0;
  /** Its supervisor has been told to end. */
  ending = false;
  /** It was up, or waiting to be, when its supervisor was told to end. */
  unasked = false;
  /** A logger that died with unread lines in its pipe has had its one extra life. */
  hasReadRest = false;
  readonly #consoleFd: number | undefined;

  readonly #given: GivenStdio;

  /** @param given The ends of pipes that others hold for a service of that name. */
  constructor(
    known: KnownService,
    consoleFd: number | undefined,
    given: GivenStdio = () => undefined,
  ) {
    this.devino = known.devino;
    this.isLogger = known.isLogger;
    this.name = known.name;
    if (known.peer !== undefined) this.peer = known.peer;
    this.#consoleFd = consoleFd;
    this.#given = given;
  }

  /** Goes on where an earlier program in this process was with it; its supervisor comes later. */
  goOn({ active, pipeFd, nextBeginMs, ending, unasked, hasReadRest }: HeldService): void {
    Object.assign(this, { active, pipeFd, nextBeginMs, ending, unasked, hasReadRest });
  }

  get isSpecial(): boolean {
    return !this.isLogger && this.name === CATCHALL_LOGGER;
  }

  get stdin(): number | undefined {
    return this.isLogger ? this.pipeFd : this.#given(this.name, this.pipeFd)?.stdin;
  }

  get stdout(): number | undefined {
    return this.isLogger ? undefined : this.#given(this.name, this.pipeFd)?.stdout ?? this.pipeFd;
  }

  get stderr(): number | undefined {
    if (this.isSpecial) return this.#consoleFd;
    const own = this.output === undefined ? undefined : this.pipeFd;
    return this.isLogger ? own : this.#given(this.name, this.pipeFd)?.stderr ?? own;
  }
}

/** @param supervisor As it has handed itself over */
export function heldService(service: Service, supervisor: HeldSupervisor | undefined): HeldService {
  const { devino, name, isLogger, peer, active, pipeFd } = service;
  const { nextBeginMs, ending, unasked, hasReadRest } = service;
  return {
    devino,
    name,
    isLogger,
    ...(peer === undefined ? {} : { peer }),
    active,
    ...(pipeFd === undefined ? {} : { pipeFd }),
    nextBeginMs,
    ending,
    unasked,
    hasReadRest,
    ...(supervisor === undefined ? {} : { supervisor }),
  };
}

/** How it is told to end: loggers by the end of their input, unless it is hard. */
export function farewell({ isLogger, isSpecial }: Service, hard: boolean): "TERM" | "HUP" {
  return (isLogger || isSpecial) && !hard ? "HUP" : "TERM";
}

/** When the first of the services that wait for a supervisor is due; Infinity if none waits. */
export function earliestBegin(services: Iterable<Service>): number {
  let atMs = Infinity;
  for (const { supervisor, active, nextBeginMs } of services) {
    if (supervisor === undefined && active) atMs = Math.min(atMs, nextBeginMs);
  }
  return atMs;
}

/**
 * The supervisor of the service with that name. One that is ending is returned only if there is no
 * other.
 */
export function supervisorNamed(
  services: Iterable<Service>,
  name: string,
): SupervisorHandle | undefined {
  let found: SupervisorHandle | undefined;
  for (const { name: own, supervisor, active } of services) {
    if (own !== name || supervisor === undefined) continue;
    if (active) return supervisor;
    found = supervisor;
  }
  return found;
}

/** What supervisors have counted; those that have nothing to say are left out. */
export function serviceCounts(services: Iterable<Service>): readonly ServiceCounts[] {
  const found: ServiceCounts[] = [];
  for (const { name, supervisor, active } of services) {
    const counts = active ? supervisor?.counts : undefined;
    if (counts?.deaths !== undefined || counts?.health !== undefined) {
      found.push({ name, ...counts });
    }
  }
  return found;
}
