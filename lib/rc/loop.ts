/**
 * The loop of s6-rc: feeds the engine and carries out its decisions through a port. No failure here
 * reaches the supervisors: an error in the engine ends the changes that are under way, and is
 * reported.
 */
import { EXIT_IMPOSSIBLE } from "../core/cli/exit_codes.ts";
import { SyscallError } from "../libc/bind.ts";
import type { Oneshot, Service, ServiceNumber } from "./core/database.ts";
import { isIdle, step } from "./core/engine.ts";
import type {
  ChangeId,
  ChangeRequest,
  Engine,
  Line,
  LongrunNews,
  RcEffect,
  RcEvent,
  ReloadRequest,
  Script,
} from "./core/engine_state.ts";
import { fatal, lineStart } from "./core/lines.ts";
import { engineState } from "./core/state_file.ts";
import type { RcPort, Reporter } from "./port.ts";

type Notice = Extract<RcEffect, { kind: "notice" }>;

export class RcLoop {
  readonly #port: RcPort;
  readonly #onStep: (engine: Engine) => void;
  readonly #reporters = new Map<ChangeId, Reporter>();
  readonly #events: RcEvent[] = [];
  /** The engine holds transitions that the state file does not. */
  #isUnsaved = false;
  /** What is said once the state is saved. */
  readonly #withheld: RcEffect[] = [];
  /** Notices that wait for what their services have written. */
  readonly #unanswered: { readonly notice: Notice; readonly service: Service }[] = [];
  #engine: Engine;
  readonly #idleWaiters: (() => void)[] = [];
  #isFeeding = false;
  #isBusy = false;
  #nextId = 1;

  /** @param onStep Called when the engine may have changed; must not throw */
  constructor(port: RcPort, engine: Engine, onStep: (engine: Engine) => void = () => {}) {
    this.#port = port;
    this.#engine = engine;
    this.#onStep = onStep;
  }

  get engine(): Engine {
    return this.#engine;
  }

  /** Begins a change. The reporter may be told of its end before this returns. */
  change(request: Omit<ChangeRequest, "id">, reporter: Reporter): ChangeId {
    const id = this.#nextId++;
    this.#reporters.set(id, reporter);
    this.#feed({ kind: "change", request: { ...request, id } });
    return id;
  }

  reload(request: Omit<ReloadRequest, "id">, reporter: Reporter): ChangeId {
    const id = this.#nextId++;
    this.#reporters.set(id, reporter);
    this.#feed({ kind: "reload", request: { ...request, id } });
    return id;
  }

  /** The client of a change got a signal. */
  cancel(id: ChangeId, signal: string): void {
    this.#feed({ kind: "cancel", id, signal });
  }

  /** The client of a change has gone: its reporter is not called again. */
  vanish(id: ChangeId): void {
    this.#reporters.delete(id);
    this.#feed({ kind: "vanish", id });
  }

  /** Stops starting services. Starts that are under way continue until a change stops them. */
  close(): void {
    this.#feed({ kind: "close" });
  }

  hear(service: ServiceNumber, news: LongrunNews): void {
    this.#feed({ kind: "longrun", service, news });
  }

  /** A script has ended. `line`: the message that C's helper would print. */
  scriptEnded(service: ServiceNumber, script: Script, code: number, line?: string): void {
    this.#feed({ kind: "script", service, script, code, ...(line === undefined ? {} : { line }) });
  }

  /** The timer has run out. */
  wake(): void {
    this.#feed({ kind: "timeout" });
  }

  #feed(event: RcEvent): void {
    this.#events.push(event);
    if (this.#isFeeding) return;
    this.#isFeeding = true;
    try {
      for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) {
        this.#take(next);
      }
    } finally {
      this.#isFeeding = false;
    }
    this.#settle();
  }

  #settle(): void {
    // whoever waits for the lock reads the state behind it: it must be saved by then
    const isBusy = !isIdle(this.#engine) || this.#isUnsaved;
    if (isBusy !== this.#isBusy) this.#port.setBusy(isBusy);
    this.#isBusy = isBusy;
    this.#onStep(this.#engine);
    if (!isBusy) this.#tellIdle();
  }

  /** Calls back when nothing is being changed, never from within this call. */
  whenIdle(callback: () => void): void {
    this.#idleWaiters.push(callback);
    if (!this.#isFeeding && !this.#isBusy) this.#tellIdle();
  }

  #tellIdle(): void {
    const [first] = this.#idleWaiters;
    if (first === undefined) return;
    queueMicrotask(() => {
      if (this.#isBusy || this.#idleWaiters[0] !== first) return;
      this.#idleWaiters.shift();
      first();
      if (!this.#isBusy) this.#tellIdle();
    });
  }

  /**
   * Replaces the known services with others. Must not be called while something is being changed.
   */
  replace(engine: Engine): void {
    if (this.#isBusy) throw new Error("the services are being changed");
    this.#engine = engine;
    this.#onStep(engine);
  }

  #take(event: RcEvent): void {
    try {
      const { engine, effects } = step(this.#engine, event, {
        monotonicMs: this.#port.monotonicMs(),
      });
      this.#engine = engine;
      for (const effect of effects) {
        // state first, then the report: a reader of "up" finds it in the state, too
        if (this.#isUnsaved && (effect.kind === "say" || effect.kind === "end")) {
          this.#withheld.push(effect);
        } else this.#do(effect);
      }
    } catch (error) {
      this.#giveUp(error);
    }
  }

  /**
   * After an unexpected exception, tells the waiting clients and leaves the services as they are.
   */
  #giveUp(error: unknown): void {
    const text = `internal error: ${error instanceof Error ? error.message : String(error)}`;
    this.#port.warn(text);
    this.#withheld.length = 0;
    const services = this.#engine.services.map((state) => ({
      ...state,
      transition: undefined,
      dying: false,
    }));
    this.#engine = { ...this.#engine, services, changes: new Map(), reloads: new Map() };
    this.#events.length = 0;
    for (const id of [...this.#reporters.keys()]) {
      this.#say(id, fatal(text));
      this.#end(id, EXIT_IMPOSSIBLE);
    }
  }

  /** Saves the state if it has changed, and then tells what was withheld until it is saved. */
  #save(): void {
    if (!this.#isUnsaved) return;
    this.#isUnsaved = false;
    try {
      this.#port.saveState(engineState(this.#engine));
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      this.#warnAll(error.message);
    }
    for (const effect of this.#withheld.splice(0)) this.#do(effect);
  }

  /** One write for all transitions that end at the same time. */
  #saveSoon(): void {
    if (this.#isUnsaved) return;
    this.#isUnsaved = true;
    this.#port.soon(() => {
      try {
        this.#save();
      } catch (error) {
        this.#giveUp(error);
      }
      if (!this.#isFeeding) this.#settle();
    });
  }

  #service(number: ServiceNumber): Service {
    return this.#engine.database.services[number]!;
  }

  #oneshot(number: ServiceNumber): Oneshot {
    const service = this.#service(number);
    if (service.type !== "oneshot") throw new Error(`${service.name} is no oneshot`);
    return service;
  }

  #say(id: ChangeId, line: Line): void {
    this.#reporters.get(id)?.say(line);
  }

  #end(id: ChangeId, code: number): void {
    const reporter = this.#reporters.get(id);
    this.#reporters.delete(id);
    reporter?.end(code);
  }

  #warnAll(text: string): void {
    for (const id of this.#reporters.keys()) this.#say(id, { level: 1, severity: "warning", text });
    if (this.#reporters.size === 0) this.#port.warn(text);
  }

  #do(effect: RcEffect): void {
    switch (effect.kind) {
      case "say":
        return this.#say(effect.id, effect.line);
      case "end":
        return this.#end(effect.id, effect.code);
      case "timer":
        return this.#port.setTimer(effect.atMs);
      case "log":
        return this.#port.warn(effect.text);
      case "notice":
        return this.#notice(effect);
      case "record":
        this.#record(this.#service(effect.service), effect.up);
        return this.#saveSoon();
      case "run":
        return this.#run(effect);
      case "terminate":
        return this.#port.terminate(this.#oneshot(effect.service), effect);
      case "order":
        return this.#order(effect);
      default:
        return effect satisfies never;
    }
  }

  #notice(notice: Notice): void {
    const service = this.#service(notice.service);
    const last = this.#port.lastOutput(service);
    if (last !== undefined || service.type === "oneshot") return this.#tellNotice(notice, last);
    this.#unanswered.push({ notice, service });
    if (this.#unanswered.length > 1) return; // it has been asked
    this.#port.soon(() =>
      this.#port.askLastOutputs((outputOf) => {
        for (const { notice, service } of this.#unanswered.splice(0)) {
          if (!this.#isUnderway(service)) continue;
          const { text, ageMs } = outputOf(service) ?? { text: undefined, ageMs: 0 };
          this.#tellNotice(notice, ageMs > (notice.mostAgeMs ?? Infinity) ? undefined : text);
        }
      })
    );
  }

  #isUnderway(service: Service): boolean {
    const { database, services } = this.#engine;
    return database.services[service.number] === service &&
      services[service.number]!.transition !== undefined;
  }

  #tellNotice({ ids, level, text }: Notice, last: string | undefined): void {
    const whole = last === undefined ? text : `${text}; it last wrote: ${lineStart(last)}`;
    for (const id of ids) {
      this.#say(id, { level, severity: level === 1 ? "warning" : "info", text: whole });
    }
  }

  #record(service: Service, isUp: boolean): void {
    if (service.type !== "longrun" || service.path === "") return;
    const warning = this.#port.markDown(service, !isUp);
    if (warning !== undefined) this.#warnAll(warning);
  }

  #run({ service: number, script, change }: Extract<RcEffect, { kind: "run" }>): void {
    const service = this.#oneshot(number);
    const unmet = script === "up" ? this.#port.unmet(service) : undefined;
    if (unmet !== undefined) {
      return void this.#events.push({ kind: "skip", service: number, because: unmet });
    }
    if (service[script].length === 0) {
      return void this.#events.push({ kind: "script", service: number, script, code: 0 });
    }
    this.#save(); // what starts finds what it has waited for in the state
    this.#port.run(
      service,
      script,
      change === undefined ? undefined : this.#reporters.get(change)?.stdio,
    );
  }

  #order({ service: number, order }: Extract<RcEffect, { kind: "order" }>): void {
    const service = this.#service(number);
    if (service.type !== "longrun") throw new Error(`${service.name} is no longrun`);
    if (order === "reload") {
      return void this.#events.push({
        kind: "script",
        service: number,
        script: "reload",
        code: this.#port.reload(service),
      });
    }
    const unmet = order === "up" ? this.#port.unmet(service) : undefined;
    if (unmet !== undefined) {
      return void this.#events.push({ kind: "skip", service: number, because: unmet });
    }
    this.#save();
    for (const news of this.#port.order(service, order)) {
      this.#events.push({ kind: "longrun", service: number, news });
    }
  }
}
