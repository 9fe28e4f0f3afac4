/**
 * The loop of s6-svscan: it scans, starts and ends supervisors, and holds the pipes. It acts
 * through a port; lib/scandir/core/scandir.ts plans what follows from a scan.
 *
 * The order of a shutdown: services are told to stop at once; a logger ends after its service, when
 * no more input can come; the catch-all logger ends last. So no last output is lost, and nothing
 * here waits for a fixed time.
 *
 * No public method throws. An unexpected exception about one service is reported and does not stop
 * the others, and the step is tried again.
 */
import type { KnownService, ScanAction, ScandirOrder, ScanResult } from "./core/scandir.ts";
import type { HeldScandir } from "./core/handover.ts";
import {
  essentialEndText,
  orderOfByte,
  planScan,
  SIGNAL_ORDERS,
  unknownBytes,
} from "./core/scandir.ts";
import { ScanRequests } from "./core/scan_requests.ts";
import { Mishaps } from "../mishap/mishaps.ts";
import { Beginner } from "./beginner.ts";
import { Pipes } from "./pipes.ts";
import type { ScandirPort, SupervisorHandle } from "./port.ts";
import { Scanner } from "./scanner.ts";
import type { ScandirOptions } from "./scandir_options.ts";
import { farewell, Service, supervisorNamed } from "./service.ts";
import { ServiceSet } from "./service_set.ts";

/** After an unexpected exception: the time until unfinished work is checked. */
const RETRY_MS = 1000;

export class Scandir {
  readonly #port: ScandirPort;
  readonly #options: ScandirOptions;
  readonly #services = new ServiceSet();
  readonly #requests = new ScanRequests();
  #stopping: { hard: boolean } | undefined;
  #outputReleased = false;
  #left = false;
  #servicesEnded = false;
  #dismissed = false;
  #exitCode: number | undefined;
  readonly #scanner: Scanner;
  /** Where services write to; others may have such pipes, too. */
  readonly pipes: Pipes;
  readonly #beginner: Beginner;
  readonly #mishaps: Mishaps;
  #lastMs = 0;
  /** When to check for work that an unexpected exception may have left undone. */
  #retryAtMs: number | undefined;

  constructor(port: ScandirPort, options: ScandirOptions) {
    this.#port = port;
    this.#options = options;
    this.#mishaps = new Mishaps((text) => port.warn(text));
    this.pipes = new Pipes(port, () => this.#left || this.#guard(() => this.#endWhatMayEnd()));
    this.#scanner = new Scanner(port, this.#mishaps);
    this.#beginner = new Beginner(port, this.pipes, {
      services: this.#services.byDevino,
      namesOutput: options.namesOutput ?? false,
      mishaps: this.#mishaps,
      isLooking: () => this.#scanner.isLooking,
      onEnd: (service, essentialCode) => this.#ended(service, essentialCode),
      onEssentialEnd: (name, code) => this.#essentialEnded(name, code),
    });
  }

  /** The services that are known now, for inspection. */
  get services(): readonly Service[] {
    return this.#services.all;
  }

  /** The supervisor of the service with this name now; `undefined` if there is none. */
  supervisorOf(name: string): SupervisorHandle | undefined {
    return supervisorNamed(this.#services.byDevino.values(), name);
  }

  /**
   * The exit code of the essential service that ended, 128 + signal for a signal. The process exits
   * with it. `undefined`: none has ended.
   */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  /** Running loggers and the catch-all logger: they end when they have no writers left. */
  get loggerPids(): readonly number[] {
    return this.#services.loggerPids;
  }

  /** Does what is due: a scan, or starts of supervisors. */
  wake(): void {
    if (this.#left) return;
    const now = this.#now();
    if (this.#retryAtMs !== undefined && this.#retryAtMs <= now) this.#tidyUp();
    if (this.#stopping === undefined) {
      if (this.#requests.scanAtMs <= now && !this.#scanner.isLooking) {
        this.#guard(() => this.#scan(now));
      }
      // what the scan has found is due at the present time, not at the earlier one
      this.#guard(() => this.#beginner.beginDue(this.#now()));
    }
    this.#setTimer();
  }

  #now(): number {
    this.#lastMs = this.#mishaps.guard(() => this.#port.monotonicMs(), this.#lastMs);
    return this.#lastMs;
  }

  #guard(attempt: () => void): void {
    if (this.#mishaps.survives(attempt)) return;
    this.#retryAtMs = this.#lastMs + RETRY_MS;
    this.#setTimer();
  }

  #forEach(callback: (service: Service) => void): void {
    for (const service of this.#services.all) this.#guard(() => callback(service));
  }

  /** Removes services that should have gone by now. */
  #tidyUp(): void {
    this.#retryAtMs = undefined;
    this.#forEach((service) => {
      if (service.supervisor === undefined && (this.#stopping !== undefined || !service.active)) {
        this.#remove(service);
      }
    });
    this.#guard(() => this.#endWhatMayEnd());
  }

  /**
   * Bytes from `.s6-svscan/control`. However many scans and prunings they request, only one is
   * done.
   */
  command(...bytes: readonly number[]): void {
    for (const byte of bytes) {
      const order = orderOfByte(byte);
      if (order !== undefined) this.#obey(order);
    }
    this.#catchUp();
    const warning = unknownBytes(bytes);
    if (warning !== undefined) this.#mishaps.survives(() => this.#port.warn(warning));
  }

  /** A signal, by its name. */
  signal(name: string): void {
    if (name === "SIGCHLD") return this.#guard(() => this.#port.reap());
    const order = this.#orderOfSignal(name);
    if (order !== undefined) this.#obey(order);
    this.#catchUp();
  }

  #orderOfSignal(name: string): ScandirOrder | undefined {
    if (name === "SIGALRM") return { kind: "scan", prune: false };
    if (name === "SIGABRT") return { kind: "abort" };
    if (this.#mishaps.guard(() => this.#port.runSignalProgram(name), false)) return undefined;
    return (this.#options.signalOrders ?? SIGNAL_ORDERS)[name];
  }

  /** Does the scan and the pruning that orders have requested. */
  #catchUp(): void {
    if (this.#left) return;
    if (this.#requests.isScanAsked && this.#stopping === undefined) this.wake();
    else this.#pruneIfAsked();
  }

  #obey(order: ScandirOrder): void {
    if (!this.#left) this.#guard(() => this.#carryOut(order));
  }

  #carryOut(order: ScandirOrder): void {
    const { caretaker } = this.#options;
    switch (order.kind) {
      case "reap":
        return this.#port.reap();
      case "scan":
        if (order.prune) this.#requests.askPrune(false);
        return this.#beginner.roomMade(this.#requests.askScan(this.#now()));
      case "prune":
        return this.#requests.askPrune(order.hard);
      case "terminate":
        if (caretaker !== undefined) {
          return caretaker.onEndAsked(order.hard ? "terminate hard" : "terminate");
        }
        return this.terminate(order.hard);
      case "abort":
        if (caretaker !== undefined) return caretaker.onEndAsked("abort");
        return this.#leave();
      default:
        return order satisfies never;
    }
  }

  #scan(now: number): void {
    const { wasAsked } = this.#requests.beginScan(now, this.#options.rescanMs);
    let isAtOnce = true;
    this.#scanner.look({
      isWanted: () => this.#stopping === undefined && !this.#left,
      onFound: (scan) => this.#guard(() => this.#apply(scan, wasAsked, this.#now())),
      onUnreadable: (seconds) => this.#requests.scanAgainIn(seconds, this.#now()),
      onEnd: () => isAtOnce || this.wake(),
    });
    isAtOnce = false;
  }

  #apply(scan: ScanResult, wasAsked: boolean, now: number): void {
    const plan = planScan(this.#services.byDevino, scan, this.#options);
    const warnings = plan.actions.flatMap((action) => action.kind === "warn" ? [action.text] : []);
    this.#scanner.complain([...scan.warnings ?? [], ...warnings], wasAsked);
    for (const action of plan.actions) this.#guard(() => this.#do(action, now));
    if (plan.retrySeconds !== undefined) this.#requests.scanAgainIn(plan.retrySeconds, now);
    // otherwise only the coming scan shows what to prune
    if (!this.#requests.isScanAsked) this.#pruneIfAsked();
  }

  #pruneIfAsked(): void {
    const asked = this.#requests.takePrune();
    if (asked !== undefined) this.#prune(asked.hard);
  }

  #do(action: ScanAction, now: number): void {
    switch (action.kind) {
      case "warn":
        return; // already reported
      case "add":
        return void this.#add(action.service, now);
      case "pair":
      case "rename":
      case "activate":
        return this.#services.change(action);
      case "deactivate":
        return this.#deactivate(this.#services.byDevino.get(action.devino)!);
      default:
        return action satisfies never;
    }
  }

  #add(known: KnownService, now: number): Service {
    const { consoleFd, givenStdio } = this.#options;
    const service = new Service(known, consoleFd, (name, pipeFd) => givenStdio?.(name, pipeFd));
    service.nextBeginMs = now;
    this.#services.add(service);
    return service;
  }

  /** What another program in this process needs to go on; or why it can't now, in words. */
  handOver(): HeldScandir | string {
    if (this.#left || this.#stopping !== undefined) return "everything is being stopped";
    if (this.#scanner.isLooking || this.#requests.isScanAsked) return "a scan is under way";
    return this.#services.handOver(this.#requests.scanAtMs);
  }

  /** Before it is woken for the first time: goes on where an earlier program was. */
  goOn({ services, scanAtMs = Infinity }: HeldScandir): void {
    this.#requests.goOn(scanAtMs);
    const now = this.#now();
    this.#beginner.goOn(services.map((held) => [this.#add(held, now), held]), now);
  }

  #deactivate(service: Service): void {
    service.active = false;
    if (service.supervisor === undefined) this.#remove(service);
  }

  /** Ends all other services, in order. The first essential one determines the exit code. */
  #essentialEnded(name: string, code: number): void {
    if (this.#left) return;
    this.#exitCode ??= code;
    if (this.#stopping !== undefined) return;
    this.#mishaps.survives(() => this.#port.warn(essentialEndText(name, code)));
    this.#obey({ kind: "terminate", hard: false });
  }

  #ended(service: Service, essentialCode?: number): void {
    service.supervisor = undefined;
    service.ending = false;
    if (this.#left) return;
    this.#beginner.roomMade(this.#now());
    if (this.#stopping !== undefined && service.unasked) this.#exitCode ??= essentialCode;
    if (service.active && this.#stopping === undefined) return this.#setTimer();
    if (this.#mishaps.guard(() => this.#letReadRest(service), service.supervisor !== undefined)) {
      return;
    }
    this.#guard(() => this.#remove(service));
    this.#guard(() => this.#endWhatMayEnd());
  }

  /**
   * A logger that dies with unread lines in its pipe gets one more life, in which it reads them to
   * the end.
   */
  #letReadRest(logger: Service): boolean {
    if (
      !logger.isLogger || logger.hasReadRest || this.#stopping?.hard || logger.pipeFd === undefined
    ) {
      return false;
    }
    if (!this.#port.hasUnread(logger.pipeFd)) return false;
    logger.hasReadRest = true;
    this.#beginner.begin(logger, this.#now());
    const supervisor: Service["supervisor"] = logger.supervisor;
    if (supervisor === undefined) return false;
    this.#end(logger, "HUP");
    return true;
  }

  #remove(service: Service): void {
    this.#services.delete(service);
    this.#beginner.forget(service);
    this.#guard(() => this.pipes.letGo(service));
    const pipeFd = this.#services.unpair(service);
    if (pipeFd !== undefined) this.#port.close(pipeFd); // its next ./run writes to our output
  }

  #prune(hard: boolean): void {
    const stops = this.#stopping !== undefined;
    this.#forEach((service) => {
      if (service.active) return;
      if (service.isLogger && !hard && this.#services.isProducerLeaving(service, stops)) return;
      this.#end(service, farewell(service, hard));
    });
  }

  #end(service: Service, event: "TERM" | "HUP"): void {
    if (!service.ending) service.unasked = service.supervisor?.unasked ?? false;
    service.ending = true;
    if (service.supervisor === undefined) this.#remove(service);
    else service.supervisor.handle(event);
  }

  /**
   * Ends all services and their loggers, then the catch-all logger, then leaves. With a caretaker,
   * the last two steps wait for `dismiss`.
   */
  terminate(hard: boolean): void {
    if (this.#stopping !== undefined) {
      if (!hard || this.#stopping.hard) return;
      this.#stopping.hard = true;
      this.#forEach((service) => this.#end(service, "TERM"));
    } else {
      this.#stopping = { hard };
      this.#setTimer();
      this.#forEach((service) => {
        if (hard || !(service.isLogger || service.isSpecial)) this.#end(service, "TERM");
      });
    }
    this.#guard(() => this.#endWhatMayEnd());
  }

  /** For a caretaker, after `terminate`: the catch-all logger may end now, and then the loop. */
  dismiss(): void {
    this.#dismissed = true;
    if (this.#stopping !== undefined) this.#guard(() => this.#endWhatMayEnd());
  }

  /** Ends loggers that get no more input: while stopping, or after a producer was pruned. */
  #endWhatMayEnd(): void {
    const stops = this.#stopping !== undefined;
    this.#forEach((service) => {
      if (service.ending || !service.isLogger || (!stops && service.active)) return;
      if (!this.#services.isProducerLeaving(service, stops)) this.#end(service, "HUP");
    });
    if (!stops) return;
    if (this.pipes.hasOutputs || !this.#services.isCatchAllOnly) return;
    const { caretaker } = this.#options;
    if (caretaker !== undefined && !this.#dismissed) {
      if (this.#servicesEnded) return;
      this.#servicesEnded = true;
      return caretaker.onServicesEnded();
    }
    if (!this.#services.isEmpty) {
      if (!this.#outputReleased) this.#guard(() => this.#port.releaseOutput());
      this.#outputReleased = true;
      for (const service of this.#services.all) {
        if (service.isSpecial && !service.ending) this.#end(service, "HUP");
      }
    }
    if (this.#services.isEmpty) this.#leave();
  }

  #leave(): void {
    if (this.#left) return;
    this.#left = true;
    this.#mishaps.survives(() => this.#port.setTimer(undefined));
    this.#options.onLeave();
  }

  #setTimer(): void {
    if (this.#left) return;
    // while it is looking, wait for the end of that
    const scanMs = this.#scanner.isLooking ? Infinity : this.#requests.scanAtMs;
    const due = this.#stopping === undefined ? Math.min(scanMs, this.#beginner.nextMs) : Infinity;
    const atMs = Math.min(this.#retryAtMs ?? Infinity, due);
    const set = (): void => this.#port.setTimer(atMs === Infinity ? undefined : atMs);
    if (!this.#mishaps.survives(set)) this.#mishaps.survives(set);
  }
}
