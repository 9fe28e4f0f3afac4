/**
 * What an s6-svscan tells the program that takes its place in the same process, and what can't be
 * read from the disk: `hexad reexec`. It is JSON in a sealed memfd: `{"form":1,...}`. Numbers of
 * descriptors stay what they are across the exec. Whoever can't read it all refuses it all, and
 * begins from what is on disk. Pure.
 */
import type { HeldHosts } from "../../loghost/core/held_hosts.ts";
import type { Machine } from "../../supervise/core/machine.ts";
import type { HeldLog, HeldSupervisor } from "../../supervise/core/held_supervisor.ts";
import { STATES } from "../../supervise/core/machine.ts";
import type { LifeMark } from "../../servicedir/core/life_record.ts";
import { packLifeRecord, unpackLifeRecord } from "../../servicedir/core/life_record.ts";
import { packSvstatus, SVSTATUS_SIZE, unpackSvstatus } from "../../servicedir/core/svstatus.ts";

const OVERS = ["policy", "max-restarts", "finish"] as const;

/** Raised whenever an older program could not go on with it, and with LOG_HOST_VERSION. */
export const HANDOVER_FORM = 1;
/** The longest that is read: 160,000 services. */
export const MAX_HANDOVER = 256 * 1024 * 1024;

export interface HeldService {
  readonly devino: string;
  readonly name: string;
  readonly isLogger: boolean;
  readonly peer?: string;
  readonly active: boolean;
  readonly pipeFd?: number;
  readonly nextBeginMs: number;
  readonly ending: boolean;
  readonly unasked: boolean;
  readonly hasReadRest: boolean;
  readonly supervisor?: HeldSupervisor;
}

export interface HeldScandir {
  /** When the next scan is due; absent: when it is asked for. */
  readonly scanAtMs?: number;
  readonly services: readonly HeldService[];
}

export interface Handover extends HeldScandir {
  /** The version of the program that hands over. */
  readonly from: string;
  /** The moment from which all times here count, on the clock that all programs share. */
  readonly originMs: number;
  /** When it stopped working. */
  readonly atMs: number;
  readonly dirFd: number;
  readonly lockFd: number;
  readonly controlFd: number;
  readonly logHosts: HeldHosts;
  /** The socket for s6-rc-init. */
  readonly entrance?: number;
}

/** All descriptors that go over. */
export function descriptorsOf(handover: Handover): number[] {
  const all = [handover.dirFd, handover.lockFd, handover.controlFd, handover.entrance];
  all.push(...handover.logHosts.all.map(({ socketFd }) => socketFd));
  for (const { pipeFd, supervisor: held } of handover.services) {
    all.push(held?.log?.fifoFd);
    all.push(pipeFd, held?.dirFd, held?.lockFd, held?.controlFd);
    all.push(held?.notificationFd, held?.pidfd);
  }
  return all.filter((fd) => fd !== undefined);
}

/** The same, with all times counted from another moment. */
export function countedFrom(originMs: number, handover: Handover): Handover {
  const move = (timeMs: number): number => timeMs + handover.originMs - originMs;
  const { scanAtMs, atMs, services } = handover;
  return {
    ...handover,
    originMs,
    atMs: move(atMs),
    ...(scanAtMs === undefined ? {} : { scanAtMs: move(scanAtMs) }),
    services: services.map(({ supervisor, ...service }) => ({
      ...service,
      nextBeginMs: move(service.nextBeginMs),
      ...(supervisor === undefined ? {} : { supervisor: movedSupervisor(supervisor, move) }),
    })),
  };
}

function movedSupervisor(
  { machine, dueMs, ...held }: HeldSupervisor,
  move: (timeMs: number) => number,
): HeldSupervisor {
  const { startedMs, nextStartMs, history } = machine;
  return {
    ...held,
    ...(dueMs === undefined ? {} : { dueMs: move(dueMs) }),
    machine: {
      ...machine,
      startedMs: move(startedMs),
      nextStartMs: move(nextStartMs),
      history: { ...history, restartsMs: history.restartsMs.map(move) },
    },
  };
}

export function encodeHandover(handover: Handover): Uint8Array<ArrayBuffer> {
  const services = handover.services.map(({ supervisor, ...service }) => ({
    ...service,
    ...(supervisor === undefined ? {} : { supervisor: plainSupervisor(supervisor) }),
  }));
  const plain = { form: HANDOVER_FORM, ...handover, services };
  return new TextEncoder().encode(JSON.stringify(plain));
}

/** The status, and what tells its process, go as they stand in `supervise/lock`. */
function plainSupervisor({ machine, mark, ...held }: HeldSupervisor): unknown {
  const record = mark && { ...mark, dying: false, slain: false, draining: false, sweeping: false };
  const status =
    (record === undefined ? packSvstatus(machine.status) : packLifeRecord(machine.status, record))
      .toHex();
  return { ...held, machine: { ...machine, status } };
}

function markIn(status: Uint8Array): LifeMark | undefined {
  const record = unpackLifeRecord(status);
  if (record === undefined) return undefined;
  const { dying: _d, slain: _s, draining: _w, sweeping: _l, ...mark } = record.life;
  return mark;
}

/** @throws {SyntaxError} If it is of another form, or not whole: why, in words. */
export function decodeHandover(bytes: Uint8Array): Handover {
  if (bytes.length > MAX_HANDOVER) throw new SyntaxError("the state is too long");
  const it = new Fields(parse(bytes), "the state");
  const form = it.number("form");
  if (form !== HANDOVER_FORM) {
    throw new SyntaxError(`the state has form ${form}, not ${HANDOVER_FORM}`);
  }
  return {
    from: it.text("from"),
    originMs: it.number("originMs"),
    atMs: it.number("atMs"),
    ...held(it),
    logHosts: logHosts(it.fields("logHosts")),
    ...it.optional("entrance", () => it.descriptor("entrance")),
    ...it.optional("scanAtMs", () => it.number("scanAtMs")),
    services: it.list("services").map((value, i) => service(new Fields(value, `service ${i}`))),
  };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new SyntaxError("the state is not whole"); // the parser would quote it
  }
}

function held(it: Fields): Pick<Handover, "dirFd" | "lockFd" | "controlFd"> {
  return {
    dirFd: it.descriptor("dirFd"),
    lockFd: it.descriptor("lockFd"),
    controlFd: it.descriptor("controlFd"),
  };
}

function logHosts(it: Fields): HeldHosts {
  return {
    lastId: it.number("lastId"),
    slow: it.list("slow").map((_, i) => it.textAt("slow", i)),
    keeps: it.flag("keeps"),
    all: it.list("all").map((value, i) => {
      const host = new Fields(value, `log host ${i}`);
      const [key, user, pid] = [host.text("key"), host.text("user"), host.positive("pid")];
      return { key, user, pid, socketFd: host.descriptor("socketFd") };
    }),
  };
}

function log(it: Fields): HeldLog {
  return {
    host: it.text("host"),
    id: it.positive("id"),
    ...it.optional("fifoFd", () => it.descriptor("fifoFd")),
  };
}

function service(it: Fields): HeldService {
  return {
    devino: it.text("devino"),
    name: it.text("name"),
    isLogger: it.flag("isLogger"),
    ...it.optional("peer", () => it.text("peer")),
    active: it.flag("active"),
    ...it.optional("pipeFd", () => it.descriptor("pipeFd")),
    nextBeginMs: it.number("nextBeginMs"),
    ending: it.flag("ending"),
    unasked: it.flag("unasked"),
    hasReadRest: it.flag("hasReadRest"),
    ...it.optional("supervisor", () => supervisor(it.fields("supervisor"))),
  };
}

function supervisor(it: Fields): HeldSupervisor {
  const fields = it.fields("machine");
  const mark = markIn(fields.hex("status"));
  return {
    machine: machine(fields),
    ...(mark === undefined ? {} : { mark }),
    ...it.optional("dueMs", () => it.number("dueMs")),
    ...held(it),
    ...it.optional("pid", () => it.positive("pid")),
    ...it.optional("log", () => log(it.fields("log"))),
    ...it.optional("notificationFd", () => it.descriptor("notificationFd")),
    ...it.optional("pidfd", () => it.descriptor("pidfd")),
    stdioClosed: it.flag("stdioClosed"),
  };
}

function machine(it: Fields): Machine {
  const history = it.fields("history");
  return {
    state: it.oneOf("state", STATES),
    last: it.flag("last"),
    status: unpackSvstatus(it.hex("status").subarray(0, SVSTATUS_SIZE)),
    dying: it.flag("dying"),
    slain: it.flag("slain"),
    unhealthy: it.flag("unhealthy"),
    ordered: it.flag("ordered"),
    startedMs: it.number("startedMs"),
    nextStartMs: it.number("nextStartMs"),
    history: {
      doublings: history.number("doublings"),
      restartsMs: history.list("restartsMs").map((_, i) => history.at("restartsMs", i)),
    },
    over: it.has("over") ? it.oneOf("over", OVERS) : undefined,
  };
}

/** The fields of one object, each asked for by its kind. */
class Fields {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #what: string;

  constructor(value: unknown, what: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new SyntaxError(`${what} is not an object`);
    }
    this.#fields = value as Record<string, unknown>;
    this.#what = what;
  }

  #refuse(name: string): never {
    throw new SyntaxError(`${this.#what} has no ${name} that can be read`);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#fields, name);
  }

  optional<N extends string, T>(name: N, read: () => T): { readonly [K in N]?: T } {
    return (this.has(name) ? { [name]: read() } : {}) as { readonly [K in N]?: T };
  }

  #own(name: string): unknown {
    return this.has(name) ? this.#fields[name] : undefined;
  }

  text(name: string): string {
    const value = this.#own(name);
    return typeof value === "string" ? value : this.#refuse(name);
  }

  flag(name: string): boolean {
    const value = this.#own(name);
    return typeof value === "boolean" ? value : this.#refuse(name);
  }

  number(name: string): number {
    const value = this.#own(name);
    return typeof value === "number" ? value : this.#refuse(name);
  }

  positive(name: string): number {
    const value = this.number(name);
    return Number.isInteger(value) && value > 0 && value < 2 ** 31 ? value : this.#refuse(name);
  }

  /** Those of standard input, output and error are never among them. */
  descriptor(name: string): number {
    const value = this.positive(name);
    return value > 2 ? value : this.#refuse(name);
  }

  list(name: string): readonly unknown[] {
    const value = this.#own(name);
    return Array.isArray(value) ? value : this.#refuse(name);
  }

  at(name: string, index: number): number {
    const value = this.list(name)[index];
    return typeof value === "number" ? value : this.#refuse(name);
  }

  textAt(name: string, index: number): string {
    const value = this.list(name)[index];
    return typeof value === "string" ? value : this.#refuse(name);
  }

  fields(name: string): Fields {
    return new Fields(this.#own(name), `${name} of ${this.#what}`);
  }

  oneOf<T extends string>(name: string, values: readonly T[]): T {
    return values.find((value) => value === this.#own(name)) ?? this.#refuse(name);
  }

  hex(name: string): Uint8Array {
    const text = this.text(name);
    return /^([0-9a-f]{2})*$/.test(text) ? Uint8Array.fromHex(text) : this.#refuse(name);
  }
}
