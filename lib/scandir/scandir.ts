/**
 * The loop of s6-svscan: scans, begins and ends supervisors, holds the pipes. It runs on a port; what a scan means is planned in lib/core/scandir.ts.
 *
 * The order of an end: services get SIGTERM's meaning at once; a logger ends after its service has, when nothing can come any more; the catch-all
 * logger last. So no last words are lost, and nothing here waits for a time.
 */
import type { KnownService, ScanAction, ScandirOrder, ScanLimits } from "../core/scandir.ts";
import { orderOfByte, planScan, SIGNAL_ORDERS } from "../core/scandir.ts";
import { SyscallError } from "../libc/bind.ts";
import { UnsuitableError } from "../supervise/control.ts";
import type { Stdio } from "../supervise/port.ts";
import { Pipes } from "./pipes.ts";
import type { HostedSupervisor, ScandirPort } from "./port.ts";
import { Service } from "./service.ts";

export type EndOrder = "terminate" | "terminate hard" | "abort";

/** Whoever brings the tree to its end in steps of its own, as /init does. Orders to end come to it, and it calls `terminate` and `dismiss`. */
export interface Caretaker {
  /** Somebody has asked for the end of everything. */
  onEndAsked(order: EndOrder): void;
  /** After `terminate`: nothing is left but the catch-all logger, if there is one. */
  onDrained(): void;
}

export interface ScandirOptions extends ScanLimits {
  /** Scan by itself so often; absent: only when asked. */
  readonly rescanMs?: number;
  /** The standard error of the catch-all logger. */
  readonly consoleFd?: number;
  /** What services without a logger write goes to our standard output with their names. */
  readonly namesOutput?: boolean;
  /** What signals mean; absent: what they mean to s6-svscan. */
  readonly signalOrders?: Readonly<Record<string, ScandirOrder | undefined>>;
  readonly caretaker?: Caretaker;
  /** The ends of pipes that others hold for a service of that name. */
  givenStdio?(name: string): Stdio | undefined;
  /** All has ended, or was told to be left alone: the process is to leave. */
  onLeave(): void;
}

const BEGIN_INTERVAL_MS = 1000;
const UNREADABLE_RETRY_SECONDS = 5;
/** Supervisors begun in one go; between two goes signals and commands are heard. */
const BEGIN_BATCH = 32;

export class Scandir {
  readonly #port: ScandirPort;
  readonly #options: ScandirOptions;
  readonly #services = new Map<string, Service>();
  #scanAtMs: number | undefined = 0;
  #pruneAfterScan: { readonly hard: boolean } | undefined;
  #stopping: { hard: boolean } | undefined;
  #outputReleased = false;
  #left = false;
  #drained = false;
  #dismissed = false;
  #settled = false;
  #exitCode: number | undefined;
  readonly #pipes: Pipes;

  constructor(port: ScandirPort, options: ScandirOptions) {
    this.#port = port;
    this.#options = options;
    this.#pipes = new Pipes(port, () => this.#left || this.#endWhatMayEnd());
  }

  /** The services that are known now, for those who want to look. */
  get services(): readonly KnownService[] {
    return [...this.#services.values()];
  }

  /** The supervisor of the service that has this name now; `undefined` if there is none. */
  supervisorOf(name: string): HostedSupervisor | undefined {
    for (const service of this.#services.values()) if (service.name === name && service.supervisor !== undefined) return service.supervisor;
    return undefined;
  }

  /** What an essential service has ended with, 128 + signal for a signal: the process is to exit with that. `undefined`: none has. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  /** The processes of the loggers that run, the catch-all logger among them: they end by themselves when nobody can tell them anything more. */
  get loggerPids(): readonly number[] {
    const loggers = [...this.#services.values()].filter((service) => service.isLogger || service.isSpecial);
    return loggers.map(({ supervisor }) => supervisor?.pid ?? 0).filter((pid) => pid > 0);
  }

  /** What is due is done: a scan, supervisors to begin. */
  wake(): void {
    if (this.#left) return;
    const now = this.#port.monotonicMs();
    if (this.#stopping === undefined) {
      if (this.#scanAtMs !== undefined && this.#scanAtMs <= now) this.#scan(now);
      this.#beginDue(now);
    }
    this.#setTimer();
  }

  /** A byte from `.s6-svscan/control`. */
  command(byte: number): void {
    const order = orderOfByte(byte);
    if (order === undefined) {
      this.#port.warn(`received unknown control command: ${JSON.stringify(String.fromCharCode(byte))} (ignoring it)`);
    } else this.#obey(order);
  }

  /** A signal, by its name. */
  signal(name: string): void {
    if (name === "SIGCHLD") return this.#port.reap();
    if (name === "SIGALRM") return this.#obey({ kind: "scan", prune: false });
    if (name === "SIGABRT") return this.#obey({ kind: "abort" });
    if (this.#port.runSignalProgram(name)) return;
    const order = (this.#options.signalOrders ?? SIGNAL_ORDERS)[name];
    if (order !== undefined) this.#obey(order);
  }

  #obey(order: ScandirOrder): void {
    if (this.#left) return;
    const { caretaker } = this.#options;
    switch (order.kind) {
      case "reap":
        return this.#port.reap();
      case "scan":
        if (order.prune) this.#pruneAfterScan = { hard: false };
        this.#scanAtMs = this.#port.monotonicMs();
        return this.wake();
      case "prune":
        return this.#prune(order.hard);
      case "terminate":
        if (caretaker !== undefined) return caretaker.onEndAsked(order.hard ? "terminate hard" : "terminate");
        return this.terminate(order.hard);
      case "abort":
        if (caretaker !== undefined) return caretaker.onEndAsked("abort");
        return this.#leave();
      default:
        return order satisfies never;
    }
  }

  #scan(now: number): void {
    const { rescanMs } = this.#options;
    this.#scanAtMs = rescanMs === undefined ? undefined : now + rescanMs;
    let scan;
    try {
      scan = this.#port.list();
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      this.#port.warn(`${error.message} (waiting ${UNREADABLE_RETRY_SECONDS} seconds)`);
      return this.#scanAgainIn(UNREADABLE_RETRY_SECONDS, now);
    }
    const plan = planScan(this.#services, scan, this.#options);
    for (const action of plan.actions) this.#apply(action, now);
    if (plan.retrySeconds !== undefined) this.#scanAgainIn(plan.retrySeconds, now);
    if (this.#pruneAfterScan !== undefined) this.#prune(this.#pruneAfterScan.hard);
    this.#pruneAfterScan = undefined;
  }

  #scanAgainIn(seconds: number, now: number): void {
    const atMs = now + seconds * 1000;
    this.#scanAtMs = Math.min(this.#scanAtMs ?? atMs, atMs);
  }

  #apply(action: ScanAction, now: number): void {
    switch (action.kind) {
      case "warn":
        return this.#port.warn(action.text);
      case "add":
        return this.#add(action.service, now);
      case "pair":
        this.#services.get(action.devino)!.peer = action.peer;
        return;
      case "rename":
        this.#services.get(action.devino)!.name = action.name;
        return;
      case "activate":
        this.#services.get(action.devino)!.active = true;
        return;
      case "deactivate":
        return this.#deactivate(this.#services.get(action.devino)!);
      default:
        return action satisfies never;
    }
  }

  #add(known: KnownService, now: number): void {
    const service = new Service(known, this.#options.consoleFd, (name) => this.#options.givenStdio?.(name));
    service.nextBeginMs = now;
    this.#services.set(service.devino, service);
  }

  #deactivate(service: Service): void {
    service.active = false;
    if (service.supervisor === undefined) this.#remove(service);
  }

  #failed(service: Service, text: string, now: number): void {
    if (service.failure !== text) this.#port.warn(`${text} (trying again every second)`);
    service.failure = text;
    service.nextBeginMs = now + BEGIN_INTERVAL_MS;
  }

  #beginDue(now: number): void {
    let left = BEGIN_BATCH;
    for (const service of this.#services.values()) {
      if (service.supervisor !== undefined || !service.active || service.nextBeginMs > now) continue;
      if (left-- === 0) return;
      this.#begin(service, now);
    }
    if (!this.#settled) this.#port.settle();
    this.#settled = true;
  }

  /** Gives a service its end of a pipe, unless it has it or needs none. Returns whether it is as it should be. */
  #givePipe(service: Service, now: number): boolean {
    const peer = service.peer === undefined ? undefined : this.#services.get(service.peer);
    try {
      if (peer !== undefined) this.#pipes.connect(service.isLogger ? service : peer, service.isLogger ? peer : service);
      else if (this.#options.namesOutput) this.#pipes.nameOutput(service);
      return true;
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      this.#failed(service, `${error.message} for ${service.name}`, now);
      if (peer !== undefined) peer.nextBeginMs = service.nextBeginMs;
      return false;
    }
  }

  #begin(service: Service, now: number): void {
    if (!this.#givePipe(service, now)) return;
    service.nextBeginMs = now + BEGIN_INTERVAL_MS;
    service.ending = false;
    try {
      service.supervisor = this.#port.supervise({
        name: service.name,
        stdio: service,
        onEnd: (essentialCode) => this.#ended(service, essentialCode),
        onEssentialEnd: (code) => this.#essentialEnded(service.name, code),
      });
      service.failure = "";
    } catch (error) {
      if (!(error instanceof SyscallError) && !(error instanceof UnsuitableError)) throw error;
      this.#failed(service, `unable to supervise ${service.name}: ${error.message}`, now);
    }
  }

  /** What an essential service leaves behind: the end of all others, in order, and the exit code of the process. The first one counts. */
  #essentialEnded(name: string, code: number): void {
    if (this.#left) return;
    this.#exitCode ??= code;
    if (this.#stopping !== undefined) return;
    this.#port.warn(`the essential service ${name} has ended for good with exit code ${code} (ending all services)`);
    this.#obey({ kind: "terminate", hard: false });
  }

  #ended(service: Service, essentialCode?: number): void {
    service.supervisor = undefined;
    service.ending = false;
    if (this.#left) return;
    if (this.#stopping !== undefined && service.unasked) this.#exitCode ??= essentialCode;
    if (service.active && this.#stopping === undefined) return this.#setTimer();
    if (this.#drainOnce(service)) return;
    this.#remove(service);
    this.#endWhatMayEnd();
  }

  /** A logger that ends with unread lines in its pipe gets one more life, in which it reads them up to the end. */
  #drainOnce(logger: Service): boolean {
    if (!logger.isLogger || logger.drained || this.#stopping?.hard || logger.pipeFd === undefined) return false;
    if (!this.#port.hasUnread(logger.pipeFd)) return false;
    logger.drained = true;
    this.#begin(logger, this.#port.monotonicMs());
    const supervisor: Service["supervisor"] = logger.supervisor;
    if (supervisor === undefined) return false;
    this.#end(logger, "HUP");
    return true;
  }

  #remove(service: Service): void {
    this.#services.delete(service.devino);
    this.#pipes.letGo(service);
    const peer = service.peer === undefined ? undefined : this.#services.get(service.peer);
    if (peer === undefined) return;
    delete peer.peer;
    if (service.isLogger && peer.pipeFd !== undefined) {
      this.#port.close(peer.pipeFd);
      peer.pipeFd = undefined; // its next ./run writes where we write
    }
  }

  #prune(hard: boolean): void {
    for (const service of [...this.#services.values()]) {
      if (!service.active && !(service.isLogger && !hard && this.#producerIsLeaving(service))) {
        this.#end(service, this.#farewell(service, hard));
      }
    }
  }

  #farewell(service: Service, hard: boolean): "TERM" | "HUP" {
    return (service.isLogger || service.isSpecial) && !hard ? "HUP" : "TERM";
  }

  #producerIsLeaving(logger: Service): boolean {
    const producer = logger.peer === undefined ? undefined : this.#services.get(logger.peer);
    return producer?.supervisor !== undefined && (this.#stopping !== undefined || !producer.active);
  }

  #hasSpecialProducer(logger: Service): boolean {
    return logger.isLogger && logger.peer !== undefined && this.#services.get(logger.peer)?.isSpecial === true;
  }

  #end(service: Service, event: "TERM" | "HUP"): void {
    if (!service.ending) service.unasked = service.supervisor?.unasked ?? false;
    service.ending = true;
    if (service.supervisor === undefined) this.#remove(service);
    else service.supervisor.handle(event);
  }

  /** Ends all services and their loggers; then the catch-all logger, unless a caretaker has still to `dismiss` it; then leaves. */
  terminate(hard: boolean): void {
    if (this.#stopping !== undefined) {
      if (!hard || this.#stopping.hard) return;
      this.#stopping.hard = true;
      for (const service of [...this.#services.values()]) this.#end(service, "TERM");
    } else {
      this.#stopping = { hard };
      this.#setTimer();
      for (const service of [...this.#services.values()]) {
        if (hard || !(service.isLogger || service.isSpecial)) this.#end(service, "TERM");
      }
    }
    this.#endWhatMayEnd();
  }

  /** For a caretaker, after `terminate`: nobody has anything more to say, so the catch-all logger may end, and the loop with it. */
  dismiss(): void {
    this.#dismissed = true;
    if (this.#stopping !== undefined) this.#endWhatMayEnd();
  }

  /** While stopping, or after a producer was pruned: ends the loggers to which nothing can come any more. */
  #endWhatMayEnd(): void {
    for (const service of [...this.#services.values()]) {
      if (service.ending || !(service.isLogger || service.isSpecial)) continue;
      if (this.#stopping === undefined && service.active) continue;
      if (service.isLogger && !this.#producerIsLeaving(service)) this.#end(service, "HUP");
    }
    if (this.#stopping === undefined) return;
    const rest = [...this.#services.values()];
    if (this.#pipes.hasOutputs || !rest.every((service) => service.isSpecial || this.#hasSpecialProducer(service))) return;
    const { caretaker } = this.#options;
    if (caretaker !== undefined && !this.#dismissed) return this.#tellDrained(caretaker);
    if (rest.length > 0) {
      if (!this.#outputReleased) this.#port.releaseOutput();
      this.#outputReleased = true;
      for (const service of rest) if (service.isSpecial && !service.ending) this.#end(service, "HUP");
    }
    if (this.#services.size === 0) this.#leave();
  }

  #tellDrained(caretaker: Caretaker): void {
    if (this.#drained) return;
    this.#drained = true;
    caretaker.onDrained();
  }

  #leave(): void {
    if (this.#left) return;
    this.#left = true;
    this.#port.setTimer(undefined);
    this.#options.onLeave();
  }

  #setTimer(): void {
    if (this.#left) return;
    let atMs = this.#scanAtMs;
    for (const service of this.#services.values()) {
      if (service.supervisor !== undefined || !service.active) continue;
      atMs = Math.min(atMs ?? service.nextBeginMs, service.nextBeginMs);
    }
    this.#port.setTimer(this.#stopping === undefined ? atMs : undefined);
  }
}
