/**
 * One supervisor: carries out what the state machine decides for one service. No fault of the service, its files or its disk is an exception
 * here: it becomes that service's warning, and the documented default or a later retry.
 * Source: s6-supervise(8).
 */
import { appendDeath, MAX_DEATH_TALLY } from "../core/dtally.ts";
import { firstLine, parseUint } from "../core/config_file.ts";
import { SIGCONT, SIGHUP, SIGKILL, signalNumber, SIGTERM } from "../core/signals.ts";
import type { Decision, Effect, Event, Machine, Moment } from "../core/supervision.ts";
import * as machine from "../core/supervision.ts";
import type { Svstatus } from "../core/svstatus.ts";
import { packSvstatus } from "../core/svstatus.ts";
import { exitStatusOf, wexitstatus, wifsignaled, wtermsig } from "../core/wstat.ts";
import { SyscallError } from "../libc/bind.ts";
import type { SupervisePort } from "./port.ts";

const STATUS = "supervise/status";
const DEATH_TALLY = "supervise/death_tally";
const DEFAULT_TIMEOUT_FINISH_MS = 5000;
const DEFAULT_MAX_DEATH_TALLY = 100;
/** What C's shell convention for "killed by a signal" is not: the first argument of ./finish after such a death. */
const FINISH_SIGNALED = "256";

/** Who hosts the supervisor hears of this. */
export interface SupervisorListener {
  /** The supervisor has ended: once, after the event `x`. */
  onEnd(): void;
  /** An essential service has come to its end for good, by itself. `code`: its exit code, or 128 + signal. */
  onEssentialEnd(code: number): void;
}

export class Supervisor {
  readonly #port: SupervisePort;
  readonly #name: string;
  readonly #listener: SupervisorListener;
  #machine: Machine;
  #ended = false;

  /** @param name What ./run gets as its first argument. */
  constructor(port: SupervisePort, name: string, listener: SupervisorListener) {
    this.#port = port;
    this.#name = name;
    this.#listener = listener;
    this.#machine = machine.newMachine(port.moment(), true);
  }

  get status(): Svstatus {
    return this.#machine.status;
  }

  get state(): machine.State {
    return this.#machine.state;
  }

  /** The process to be reaped on behalf of this service: ./run or ./finish; 0 if none. */
  get pid(): number {
    return this.#machine.status.pid;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Announces itself, and starts the service unless a `down` file is there. */
  begin(): void {
    const wantup = !this.#guard("access ./down", () => this.#port.exists("down"), false);
    this.#machine = machine.newMachine(this.#port.moment(), wantup);
    this.#carryOut([{ kind: "announce" }, { kind: "notify", events: "s" }], this.#port.moment());
    this.handle("TIMEOUT");
  }

  /** Feeds one event to the machine. Events after the end are ignored. */
  handle(event: Event, wstat?: number): void {
    if (this.#ended) return;
    const now = this.#port.moment();
    this.#apply(machine.step(this.#machine, event, wstat === undefined ? now : { ...now, wstat }), now);
  }

  /** One byte from the control FIFO; unknown ones are ignored. */
  command(byte: number): void {
    const letter = String.fromCharCode(byte);
    if (machine.COMMANDS.includes(letter)) this.handle(letter as Event);
  }

  /** The process `pid` is dead. */
  childDied(wstat: number): void {
    this.handle("CHLD", wstat);
  }

  /** The service wrote its newline. */
  becameReady(): void {
    const now = this.#port.moment();
    if (!this.#ended) this.#apply(machine.becameReady(this.#machine, now), now);
  }

  #apply(decision: Decision, now: Moment): void {
    this.#machine = decision.machine;
    this.#carryOut(decision.effects, now);
  }

  #carryOut(effects: readonly Effect[], now: Moment): void {
    for (const effect of effects) this.#do(effect, now);
  }

  #do(effect: Effect, now: Moment): void {
    const port = this.#port;
    const pid = this.#machine.status.pid;
    switch (effect.kind) {
      case "kill":
        return port.kill(effect.group ? -pid : pid, this.#resolveSignal(effect.signal));
      case "killTimedOut":
        return this.#killTimedOut(pid);
      case "announce":
        return this.#guard("write status file", () => port.replace(STATUS, packSvstatus(this.#machine.status)), undefined);
      case "notify":
        return this.#guard("notify listeners", () => port.notify(effect.events), undefined);
      case "timer":
        return port.setTimer(this.#resolveDue(effect.due, now));
      case "start":
        return this.#start(now);
      case "finish":
        return this.#finish(now);
      case "createDown":
        return this.#guard("create ./down file", () => port.createEmpty("down"), undefined);
      case "removeDown":
        return this.#guard("unlink ./down file", () => port.remove("down"), undefined);
      case "closeStdio":
        return port.closeStdio();
      case "warn":
        return port.warn(effect.text);
      case "over":
        return this.#over();
      case "end":
        return this.#end();
      default:
        return effect satisfies never;
    }
  }

  #killTimedOut(pid: number): void {
    const target = this.#guard("access flag-timeout-killpg", () => this.#port.exists("flag-timeout-killpg"), false) ? -pid : pid;
    this.#port.kill(target, SIGKILL);
    this.#port.kill(target, SIGCONT);
  }

  #resolveSignal(signal: number | "down-signal" | "reload-signal"): number {
    if (typeof signal === "number") return signal;
    const usual = signal === "down-signal" ? SIGTERM : SIGHUP;
    const text = this.#readLine(signal);
    if (text === undefined) return usual;
    const number = signalNumber(text.trim());
    if (number === undefined) this.#port.warn(`invalid ${signal}: not a signal: ${text.slice(0, 40)} (using the default)`);
    return number ?? usual;
  }

  #resolveDue(due: number | "timeout-kill" | "timeout-finish" | "never", now: Moment): number | undefined {
    if (due === "never") return undefined;
    if (typeof due === "number") return due;
    const timeoutMs = this.#readUint(due) ?? (due === "timeout-finish" ? DEFAULT_TIMEOUT_FINISH_MS : 0);
    return timeoutMs === 0 ? undefined : now.monotonicMs + timeoutMs;
  }

  #start(now: Moment): void {
    const port = this.#port;
    const newPidNamespace = this.#guard("access flag-newpidns", () => port.exists("flag-newpidns"), false);
    const lockFd = this.#readDescriptor("lock-fd");
    const notificationFd = this.#readDescriptor("notification-fd");
    if (lockFd !== undefined && lockFd === notificationFd) {
      port.warn("unable to start service: notification-fd and lock-fd are the same (change one of them, then s6-svc -u)");
      return this.#apply(machine.notStarted(this.#machine, now, "never"), now);
    }
    const outcome = port.spawnRun({
      newPidNamespace,
      ...(lockFd === undefined ? {} : { lockFd }),
      ...(notificationFd === undefined ? {} : { notificationFd }),
    });
    if ("pid" in outcome) return this.#apply(machine.started(this.#machine, now, outcome.pid), now);
    port.warn(`${outcome.reason} (waiting ${machine.SPAWN_RETRY_MS / 1000} seconds)`);
    this.#apply(machine.notStarted(this.#machine, now, machine.SPAWN_RETRY_MS), now);
  }

  #finish(now: Moment): void {
    const { wstat, pid } = this.#machine.status;
    this.#port.closeNotification();
    this.#recordDeath(wstat);
    const code = wifsignaled(wstat) ? FINISH_SIGNALED : String(wexitstatus(wstat));
    const outcome = this.#port.spawnFinish([code, String(wtermsig(wstat)), this.#name, String(pid)]);
    if ("pid" in outcome) return this.#apply(machine.finishStarted(this.#machine, outcome.pid), now);
    if (!outcome.missing) this.#port.warn(`${outcome.reason} (going on without it)`);
    this.#apply(machine.noFinish(this.#machine, now), now);
  }

  #recordDeath(wstat: number): void {
    const max = Math.min(this.#readUint("max-death-tally") ?? DEFAULT_MAX_DEATH_TALLY, MAX_DEATH_TALLY);
    if (max === 0) return;
    this.#guard("update supervise/death_tally", () => {
      const tally = this.#port.read(DEATH_TALLY) ?? new Uint8Array(0);
      const sig = wifsignaled(wstat) ? wtermsig(wstat) : 0;
      const death = { stamp: this.#machine.status.stamp, exitcode: exitStatusOf(wstat), sig };
      this.#port.replace(DEATH_TALLY, appendDeath(tally, death, max));
    }, undefined);
  }

  #over(): void {
    if (!this.#guard("access flag-essential", () => this.#port.exists("flag-essential"), false)) return;
    this.#listener.onEssentialEnd(exitStatusOf(this.#machine.status.wstat));
  }

  #end(): void {
    this.#ended = true;
    this.#port.setTimer(undefined);
    this.#port.closeNotification();
    this.#guard("notify listeners", () => this.#port.notify("x"), undefined);
    this.#listener.onEnd();
  }

  #readLine(name: string): string | undefined {
    const bytes = this.#guard(`read ${name}`, () => this.#port.read(name), undefined);
    return bytes === undefined ? undefined : firstLine(bytes);
  }

  #readUint(name: string): number | undefined {
    const text = this.#readLine(name);
    if (text === undefined) return undefined;
    const number = parseUint(text);
    if (number === undefined) this.#port.warn(`invalid ${name}: not an unsigned number (using the default)`);
    return number;
  }

  #readDescriptor(name: string): number | undefined {
    const fd = this.#readUint(name);
    if (fd === undefined || (fd > 0 && fd < this.#port.descriptorLimit())) return fd;
    this.#port.warn(`invalid ${name}: ${fd} is no descriptor that a service can have (ignoring it)`);
    return undefined;
  }

  #guard<T>(action: string, attempt: () => T, otherwise: T): T {
    try {
      return attempt();
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      this.#port.warn(`unable to ${action}: ${error.reason}`);
      return otherwise;
    }
  }
}
