/**
 * The engine of s6-rc in a world in memory: scripts and longruns that end, fail or hang as the test
 * says, and a clock that is a number. What was said and done is recorded: `1 info: service web:
 * starting`, `run up init`, `order up web`, `end 1 0`.
 */
import type { RcDatabase, ServiceNumber } from "../../lib/rc/core/database.ts";
import { newEngine, step } from "../../lib/rc/core/engine.ts";
import type {
  ChangeRequest,
  Engine,
  LongrunNews,
  RcEffect,
  RcEvent,
} from "../../lib/rc/core/engine_state.ts";
import { resolveName } from "../../lib/rc/core/database.ts";
import { lineText } from "../../lib/rc/core/lines.ts";

/**
 * What a script does: it ends with this code, at once or after some milliseconds; or it never ends.
 */
export type ScriptFate = {
  readonly code: number;
  readonly afterMs?: number;
  readonly stubborn?: boolean;
} | "hangs";
/** What a longrun does when it is told to go up; and how long it takes to go down. */
export interface LongrunFate {
  readonly up?: "ready" | "never ready" | "over" | "unspawnable" | "gone";
  readonly afterMs?: number;
  readonly down?: "down" | "hangs";
  readonly downAfterMs?: number;
}

interface Due {
  readonly atMs: number;
  readonly serial: number;
  readonly event: RcEvent;
}

export class RcWorld {
  engine: Engine;
  nowMs = 1_000_000;
  readonly said: string[] = [];
  readonly done: string[] = [];
  readonly ends = new Map<number, number>();
  readonly scripts = new Map<string, ScriptFate>();
  readonly longruns = new Map<string, LongrunFate>();
  /** Longruns whose process lives. */
  readonly living = new Set<ServiceNumber>();
  /** Scripts that run, by service. */
  readonly running = new Map<ServiceNumber, string>();
  /** Told after each event. */
  onStep: ((event: RcEvent, effects: readonly RcEffect[]) => void) | undefined;
  verbosity = 2;
  #due: Due[] = [];
  #serial = 0;
  #timerMs: number | undefined;
  #nextId = 1;

  constructor(readonly database: RcDatabase) {
    this.engine = newEngine(database);
  }

  name(number: ServiceNumber): string {
    return this.database.services[number]!.name;
  }

  number(name: string): ServiceNumber {
    return this.database.services.find((service) => service.name === name)!.number;
  }

  /** The names of what is up, internal ones left out. */
  get up(): string[] {
    return this.database.services.filter(({ number }) =>
      number > 1 && this.engine.services[number]!.up
    ).map(({ name }) => name).sort();
  }

  /** Begins a change and returns its number. */
  change(
    direction: "up" | "down",
    names: readonly string[],
    more: Partial<ChangeRequest> = {},
  ): number {
    const id = this.#nextId++;
    const named = names.flatMap((name) => resolveName(this.database, name) ?? []);
    this.feed({ kind: "change", request: { id, direction, named, ...more } });
    return id;
  }

  reload(names: readonly string[]): number {
    const id = this.#nextId++;
    this.feed({ kind: "reload", request: { id, named: names.map((name) => this.number(name)) } });
    return id;
  }

  news(name: string, news: LongrunNews): void {
    const service = this.number(name);
    if (news.kind === "died") this.living.delete(service);
    if (news.kind === "spawned") this.living.add(service);
    this.feed({ kind: "longrun", service, news });
  }

  feed(event: RcEvent): void {
    const { engine, effects } = step(this.engine, event, { monotonicMs: this.nowMs });
    this.engine = engine;
    this.onStep?.(event, effects);
    for (const effect of effects) this.#do(effect);
  }

  /** The next thing happens, in time. Returns whether there was one. */
  next(untilMs = Infinity): boolean {
    const first = this.#due.toSorted((a, b) => a.atMs - b.atMs || a.serial - b.serial)[0];
    const atMs = Math.min(first?.atMs ?? Infinity, this.#timerMs ?? Infinity);
    if (atMs === Infinity || atMs > untilMs) return false;
    this.nowMs = Math.max(this.nowMs, atMs);
    if (first !== undefined && first.atMs === atMs) {
      this.#due = this.#due.filter((due) => due !== first);
      this.#happen(first.event);
    } else this.feed({ kind: "timeout" });
    return true;
  }

  /** Lets `ms` go by. */
  pass(ms: number): void {
    const untilMs = this.nowMs + ms;
    while (this.next(untilMs));
    this.nowMs = untilMs;
  }

  /** Until all changes have ended; throws if they never do. */
  settle(): void {
    for (let steps = 0; this.engine.changes.size > 0 || this.engine.reloads.size > 0; steps++) {
      if (steps > 2_000 || !this.next()) {
        throw new Error(
          `stands still: ${
            [...this.engine.changes.values()].map((c) => JSON.stringify([c, ...c.wishes]))
          }\n${this.done.slice(-30).join("\n")}\n${this.said.join("\n")}`,
        );
      }
    }
  }

  #happen(event: RcEvent): void {
    if (event.kind === "script") {
      if (event.script !== "reload" && !this.running.has(event.service)) return;
      if (event.script !== "reload") this.running.delete(event.service);
    }
    if (event.kind === "longrun") {
      if (event.news.kind === "spawned") this.living.add(event.service);
      if (event.news.kind === "died") this.living.delete(event.service);
    }
    this.feed(event);
  }

  #later(afterMs: number, event: RcEvent): void {
    this.#due.push({ atMs: this.nowMs + afterMs, serial: this.#serial++, event });
  }

  #do(effect: RcEffect): void {
    switch (effect.kind) {
      case "say":
        if (effect.line.level <= this.verbosity) {
          this.said.push(`${effect.id} ${lineText("s6-rc", effect.line)}`);
        }
        return;
      case "notice":
        this.said.push(`${effect.ids} notice ${effect.level}: ${effect.text}`);
        return;
      case "log":
        this.done.push(`log ${effect.text}`);
        return;
      case "end":
        this.ends.set(effect.id, effect.code);
        this.done.push(`end ${effect.id} ${effect.code}`);
        return;
      case "timer":
        this.#timerMs = effect.atMs;
        return;
      case "record":
        return;
      case "run":
        return this.#run(effect);
      case "terminate":
        return this.#terminate(effect);
      case "order":
        return this.#order(effect);
      default:
        return effect satisfies never;
    }
  }

  #run({ service, script }: Extract<RcEffect, { kind: "run" }>): void {
    const name = this.name(service);
    this.done.push(`run ${script} ${name}`);
    if (script !== "reload") {
      if (this.running.has(service)) throw new Error(`two scripts of ${name} at the same time`);
      this.running.set(service, script);
    }
    const fate = this.scripts.get(`${script} ${name}`) ?? { code: 0, afterMs: 1 };
    if (fate !== "hangs") {
      this.#later(fate.afterMs ?? 1, { kind: "script", service, script, code: fate.code });
    }
  }

  #terminate({ service, reload, killAfterMs }: Extract<RcEffect, { kind: "terminate" }>): void {
    const script = reload ? "reload" : this.running.get(service);
    this.done.push(`terminate ${script} ${this.name(service)}`);
    if (script === undefined) return;
    const fate = this.scripts.get(`${script} ${this.name(service)}`);
    const isStubborn = typeof fate === "object" && fate.stubborn === true;
    this.#due = this.#due.filter(({ event }) =>
      event.kind !== "script" || event.service !== service || (event.script === "reload") !== reload
    );
    const code = isStubborn ? 137 : 143;
    this.#later(isStubborn ? killAfterMs : 1, {
      kind: "script",
      service,
      script: script as "up",
      code,
    });
  }

  #order({ service, order }: Extract<RcEffect, { kind: "order" }>): void {
    const name = this.name(service);
    this.done.push(`order ${order} ${name}`);
    const fate = this.longruns.get(name) ?? {};
    const forget = (): void => {
      this.#due = this.#due.filter(({ event }) =>
        event.kind !== "longrun" || event.service !== service
      );
    };
    const news = (afterMs: number, ...list: LongrunNews[]): void =>
      list.forEach((item) => this.#later(afterMs, { kind: "longrun", service, news: item }));
    if (order === "up") {
      forget();
      const { up = "ready", afterMs = 1 } = fate;
      if (up === "gone") news(0, { kind: "gone", code: 100 });
      else if (up === "unspawnable") {
        news(0, { kind: "unspawnable", code: 127, why: "no such interpreter" });
      } else if (this.living.has(service)) {
        news(0, { kind: "spawned" }, ...(up === "ready" ? [{ kind: "ready" } as const] : []));
      } else {
        news(0, { kind: "spawned" });
        if (up === "ready") news(afterMs, { kind: "ready" });
        if (up === "over") {
          news(afterMs, { kind: "died", exitCode: 1 }, { kind: "over" }, { kind: "down" });
        }
      }
    } else if (order === "down") {
      forget();
      const { down = "down", downAfterMs = 1 } = fate;
      if (!this.living.has(service)) news(0, { kind: "down" });
      else if (down === "down") {
        news(downAfterMs, { kind: "died", exitCode: 143 }, { kind: "down" });
      }
    } else if (order === "kill") {
      news(1, { kind: "died", exitCode: 137 }, { kind: "down" });
    } else if (order === "restart") {
      news(1, { kind: "died", exitCode: 143 }, { kind: "down" }, { kind: "spawned" }, {
        kind: "ready",
      });
    } else this.#later(1, { kind: "script", service, script: "reload", code: 0 });
  }
}
