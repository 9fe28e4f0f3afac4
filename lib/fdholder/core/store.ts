/**
 * The descriptors that are held, and what becomes of them when a client asks for something. Source:
 * s6, doc/s6-fdholderd.html, fdholder/s6-fdholderd.c. Pure.
 */
import { EAGAIN, EBUSY, ENFILE, ENOENT, EPERM } from "../../core/linux/errno.ts";
import { addMilliseconds, compareTain, type Tain } from "../../core/time/tain.ts";
import type { Message } from "../../unixmessage/core/frames.ts";
import {
  dumpMessage,
  getDumpAnswer,
  type Held,
  inMessages,
  listAnswer,
  plainAnswer,
  type Request,
  retrievedAnswer,
  setDumpAnswer,
} from "./protocol.ts";

/** What a client may do. */
export interface Rights {
  readonly mayList: boolean;
  readonly mayGetDump: boolean;
  readonly maySetDump: boolean;
  mayStore(name: string): boolean;
  mayRetrieve(name: string): boolean;
}

/** How far a client is. */
export interface Progress {
  /** Descriptors of a dump that it has still to send. */
  readonly dumping: number;
}

export interface Reply {
  readonly messages: readonly (Message & { readonly closesFds?: boolean })[];
  /** To be closed: nobody holds them any more. */
  readonly closed: readonly number[];
  readonly dumping: number;
}

/** Seconds. A limit is never this far away, unless it means never, which is twice as far. */
const HALF_OF_NEVER = 1n << 60n;
export const NEVER_MS = Infinity;

/** The limit of what is to be held so many milliseconds from now on. */
export function limitAfter(now: Tain, milliseconds: number): Tain {
  return milliseconds === NEVER_MS
    ? { sec: now.sec + 2n * HALF_OF_NEVER, nano: now.nano }
    : addMilliseconds(now, milliseconds);
}

/** Does the limit mean that there is none? */
export function isNever(limit: Tain, now: Tain): boolean {
  return limit.sec >= now.sec + HALF_OF_NEVER;
}

export class Store {
  readonly #mostFds: number;
  readonly #held = new Map<string, Held>();
  /** No limit is earlier. */
  #earliest: Tain | undefined;

  constructor(mostFds: number) {
    this.#mostFds = mostFds;
  }

  get count(): number {
    return this.#held.size;
  }

  /** When something may have to be let go of; undefined if nothing is held. */
  get earliest(): Tain | undefined {
    return this.#earliest;
  }

  /** Lets go of what has reached its limit. Returns the descriptors to close. */
  expire(now: Tain): readonly number[] {
    if (this.#earliest === undefined || compareTain(this.#earliest, now) > 0) return [];
    const over = [...this.#held.values()].filter(({ limit }) => compareTain(limit, now) <= 0);
    for (const { name } of over) this.#held.delete(name);
    this.#earliest = undefined;
    for (const { limit } of this.#held.values()) this.#noteLimit(limit);
    return over.map(({ fd }) => fd);
  }

  /**
   * Does what a client asks for. Undefined: that is not what may be asked for now, and the client
   * is to be sent away; the descriptors of its message are to be closed.
   */
  answer(request: Request, rights: Rights, { dumping }: Progress): Reply | undefined {
    if (request.kind === "dumped") return this.#addDumped(request.entries, rights, dumping);
    if (dumping > 0) return undefined;
    switch (request.kind) {
      case "store":
        return this.#store(request, rights);
      case "delete": {
        const held = this.#held.get(request.name);
        if (!rights.mayStore(request.name)) return refusal(EPERM);
        if (held === undefined) return refusal(ENOENT);
        this.#held.delete(request.name);
        return { messages: [plainAnswer(0)], closed: [held.fd], dumping: 0 };
      }
      case "retrieve": {
        const { name, deletes } = request;
        const held = this.#held.get(name);
        if (!rights.mayRetrieve(name) || (deletes && !rights.mayStore(name))) return refusal(EPERM);
        if (held === undefined) return refusal(ENOENT);
        if (deletes) this.#held.delete(name);
        return reply([{ ...retrievedAnswer(held.fd), closesFds: deletes }]);
      }
      case "list":
        return rights.mayList ? reply([listAnswer([...this.#held.keys()])]) : refusal(EPERM);
      case "get dump": {
        if (!rights.mayGetDump) return refusal(EPERM);
        const entries = [...this.#held.values()];
        const parts = inMessages(entries).map((part) => dumpMessage(part));
        return reply([getDumpAnswer(entries), ...parts]);
      }
      case "set dump": {
        const { count } = request;
        if (!rights.maySetDump) return refusal(EPERM);
        if (this.count + count > this.#mostFds) return refusal(ENFILE);
        return { messages: [setDumpAnswer(count)], closed: [], dumping: count };
      }
    }
  }

  #store(request: Held, rights: Rights): Reply {
    const { name, fd, limit } = request;
    if (!rights.mayStore(name)) return refusal(EPERM, [fd]);
    if (this.count >= this.#mostFds) return refusal(ENFILE, [fd]);
    if (this.#held.has(name)) return refusal(EBUSY, [fd]);
    this.#hold({ name, fd, limit });
    return reply([plainAnswer(0)]);
  }

  #addDumped(entries: readonly Held[], rights: Rights, dumping: number): Reply | undefined {
    if (entries.length > dumping) return undefined;
    const fds = entries.map(({ fd }) => fd);
    if (!rights.maySetDump) return refusal(EPERM, fds, dumping);
    if (this.count + entries.length > this.#mostFds) return refusal(ENFILE, fds, dumping);
    const closed: number[] = [];
    for (const entry of entries) {
      const before = this.#held.get(entry.name);
      if (before !== undefined) closed.push(before.fd);
      this.#hold(entry);
    }
    const left = dumping - entries.length;
    return { messages: [plainAnswer(left > 0 ? EAGAIN : 0)], closed, dumping: left };
  }

  #hold(held: Held): void {
    this.#held.set(held.name, held);
    this.#noteLimit(held.limit);
  }

  #noteLimit(limit: Tain): void {
    if (this.#earliest === undefined || compareTain(limit, this.#earliest) < 0) {
      this.#earliest = limit;
    }
  }
}

function reply(messages: Reply["messages"]): Reply {
  return { messages, closed: [], dumping: 0 };
}

function refusal(errno: number, closed: readonly number[] = [], dumping = 0): Reply {
  return { messages: [plainAnswer(errno)], closed, dumping };
}
