/**
 * One supervisor: a loop that carries out what the state machine decides for one service. A fault
 * of the service, its files or its disk is not an exception here: it leads to a warning in that
 * service's name, and to the documented default or a later retry.
 *
 * No public method throws. Each effect is carried out separately, so an unexpected exception in one
 * does not stop the others. If an exception prevents the answer to a question, the machine gets the
 * answer that fits what the port knows: a living child is never started a second time, and none is
 * forgotten. Source: s6-supervise(8).
 */
import { HEALTH_DIRECTORY, type Reaction } from "../health/core/health_files.ts";
import { STATUS_FILENAME } from "../servicedir/core/supervise_files.ts";
import type { Decision, Effect, Event, Machine, Moment, Question, State } from "./core/machine.ts";
import { ANNOUNCE, COMMANDS, decide, newMachine } from "./core/machine.ts";
import type { HeldByPort, HeldSupervisor } from "./core/held_supervisor.ts";
import type { Ongoing } from "./core/ongoing.ts";
import type { ServiceCounts } from "../counters/core/counts.ts";
import { SIGCONT, SIGKILL } from "../core/linux/signals.ts";
import { Mishaps } from "../mishap/mishaps.ts";
import { resumption } from "./core/resumption.ts";
import { step } from "./core/supervision.ts";
import { answerAfterMishap, isRepeatable } from "./core/supervision_mishaps.ts";
import * as answers from "./core/supervision_answers.ts";
import type { Svstatus } from "../servicedir/core/svstatus.ts";
import { packSvstatus } from "../servicedir/core/svstatus.ts";
import { exitStatusOf } from "../core/linux/wstat.ts";
import type { SupervisorTools } from "./find_answer.ts";
import { findAnswer } from "./find_answer.ts";
import { faultOf, holdsBack } from "./hold_back.ts";
import { dueOf } from "./due_of.ts";
import { DeathHistory } from "./death_history.ts";
import type { SupervisePort } from "./port.ts";
import { ServiceFiles } from "./service_files.ts";
import type { HealthWatch, SupervisorListener } from "./supervisor_listener.ts";

/** After an exception in a decision: the time until the event is decided again. */
const DECIDE_AGAIN_MS = 1000;

/** The exit code of everything, if an unhealthy service ends it. */
const EXIT_UNHEALTHY = 1;

/** Events that must not be lost: a death, a timeout, the end. Commands can be sent again. */
const KEPT: ReadonlySet<Event> = new Set(["CHLD", "TIMEOUT", "TERM", "HUP", "QUIT", "INT"]);

/** Is told of the end, and provides what few services need. */
export interface SupervisorOwner extends SupervisorListener {
  /** Called at a start, if there is a `health-check`. */
  watchHealth(supervisor: Supervisor): HealthWatch;
  /** What its port holds for another program; or why it can't be handed over now. */
  heldByPort?(): HeldByPort | string;
  /** ./run has been started: so long after the event that led to it. */
  onStart?(tookMs: number): void;
  /** It is ready: so long after its start. */
  onReady?(tookMs: number): void;
}

export class Supervisor {
  readonly #tools: SupervisorTools;
  readonly #owner: SupervisorOwner;
  #machine: Machine;
  #ended = false;
  /**
   * The timer is already due. It fires before anything else happens, so what was read of the
   * directory is still valid.
   */
  #isDue = false;
  /** When the machine's TIMEOUT is due. */
  #dueMs: number | undefined;
  /** Undefined: it had no `health-check` when it was last started. */
  #health: HealthWatch | undefined;
  /** Events that have still to be decided because the first try failed. */
  #owed: { readonly event: Event; readonly wstat: number | undefined }[] | undefined;
  #lastMoment: Moment;

  /** @param name The first argument of ./run */
  constructor(port: SupervisePort, name: string, owner: SupervisorOwner) {
    this.#owner = owner;
    const mishaps = new Mishaps((text) => port.warn(text));
    const files = new ServiceFiles(port, mishaps);
    const history = new DeathHistory(port, files);
    this.#tools = { port, name, files, history, mishaps, isEssential: false };
    this.#lastMoment = port.moment();
    this.#machine = newMachine(this.#lastMoment, true);
  }

  get status(): Svstatus {
    return this.#machine.status;
  }

  get state(): State {
    return this.#machine.state;
  }

  /** ./run is dead, and its leftovers are being killed. */
  get sweeping(): boolean {
    return this.#machine.state === "SWEEP";
  }

  /** Its process, ./run or ./finish; 0 if none runs. */
  get pid(): number {
    return this.sweeping ? 0 : this.#machine.status.pid;
  }

  /** It is up or waits to be, or has ended for good: nobody has ordered it down. */
  get unasked(): boolean {
    return this.#machine.status.flagwantup || this.#machine.over !== undefined;
  }

  /** What has been counted since it began; nothing of a service that has never died. */
  get counts(): Omit<ServiceCounts, "name"> {
    const { deaths } = this.#tools.history;
    const health = this.#health?.counts;
    return {
      ...(deaths === undefined ? {} : { deaths }),
      ...(health === undefined ? {} : { health }),
    };
  }

  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Announces itself, and starts the service unless a `down` file is there.
   *
   * @param doubt Why it is not certain that the service does not run already
   */
  begin(doubt?: string): void {
    const wantup = !this.#tools.files.guard(
      "access ./down",
      () => this.#tools.port.exists("down"),
      false,
    );
    const now = this.#now();
    this.#follow(
      decide(newMachine(now, wantup), ANNOUNCE, { kind: "notify", events: "s" }),
      now,
    );
    if (doubt === undefined || !holdsBack(doubt, this.#machine, this.#tools.files)) {
      return this.handle("TIMEOUT");
    }
    const fault = faultOf(doubt);
    this.#follow(answers.notStarted(this.#machine, now, { retryMs: "never", fault }), now);
  }

  /** Goes on where an earlier supervisor was. The port has its process already. */
  resume(ongoing: Ongoing): void {
    const { state } = this.#machine = ongoing.machine;
    if (state === "UP" || state === "DRAIN") {
      this.#tools.mishaps.survives(() => this.#lookForHealthCheck());
    } else if (!ongoing.machine.status.flagpaused) {
      this.#tools.isEssential = this.#tools.files.exists("flag-essential");
    }
    this.#follow(resumption(ongoing), this.#now());
  }

  /**
   * What another program in this process needs to go on with it; or, in words, why that can't be
   * now. Health checks have ended.
   */
  handOver(): HeldSupervisor | string {
    if (this.#owed !== undefined) return "it has to decide something again";
    const held = this.#owner.heldByPort?.() ?? "another process supervises it";
    if (typeof held === "string") return held;
    const machine = this.#machine;
    this.#health?.follow(machine.status, false);
    return { machine, ...(this.#dueMs === undefined ? {} : { dueMs: this.#dueMs }), ...held };
  }

  /** It has not been handed over after all. */
  keep(): void {
    this.#followHealth();
  }

  /** Feeds one event to the machine. Events after the end are ignored. */
  handle(event: Event, wstat?: number): void {
    if (this.#ended) return;
    if (event === "TIMEOUT" && this.#owed !== undefined) return this.#decideAgain();
    if (event !== "TIMEOUT" || !this.#isDue) this.#tools.files.forget();
    this.#isDue = false;
    if (event === "TIMEOUT") this.#dueMs = undefined;
    const now = this.#now();
    let decision;
    try {
      decision = step(this.#machine, event, wstat === undefined ? now : { ...now, wstat });
    } catch (error) {
      this.#tools.mishaps.tell(error);
      return this.#owe(event, wstat);
    }
    this.#follow(decision, now);
  }

  /** Reports an unexpected exception in work for this service. */
  mishap(error: unknown): void {
    this.#tools.mishaps.tell(error);
  }

  /** It has become unhealthy, and its directory says what to do then. */
  becameUnhealthy(reaction: Exclude<Reaction, "none">): void {
    if (reaction === "restart") this.handle("UNHEALTHY");
    else this.#owner.onEssentialEnd(EXIT_UNHEALTHY);
  }

  #now(): Moment {
    this.#lastMoment = this.#tools.mishaps.guard(() => this.#tools.port.moment(), this.#lastMoment);
    return this.#lastMoment;
  }

  /** Keeps an event to decide it again. The machine is as it was before the event. */
  #owe(event: Event, wstat: number | undefined): void {
    if (!KEPT.has(event)) return;
    (this.#owed ??= []).push({ event, wstat });
    this.#tools.mishaps.survives(() =>
      this.#tools.port.setTimer(this.#lastMoment.monotonicMs + DECIDE_AGAIN_MS)
    );
  }

  #decideAgain(): void {
    const owed = this.#owed ?? [];
    this.#owed = undefined;
    this.#tools.mishaps.survives(() => this.#tools.port.setTimer(this.#dueMs));
    for (const { event, wstat } of owed) this.handle(event, wstat);
  }

  /** One byte from the control FIFO; unknown ones are ignored. */
  command(byte: number): void {
    const letter = String.fromCharCode(byte);
    if (COMMANDS.includes(letter)) this.handle(letter as Event);
  }

  /** The process `pid` is dead. */
  childDied(wstat: number): void {
    this.handle("CHLD", wstat);
  }

  /** The service wrote its newline. */
  becameReady(): void {
    if (this.#ended) return;
    const now = this.#now();
    const { startedMs, state, status } = this.#machine;
    if (state === "UP" && !status.flagready) this.#owner.onReady?.(now.monotonicMs - startedMs);
    this.#tools.mishaps.survives(() => this.#follow(answers.becameReady(this.#machine, now), now));
  }

  /**
   * Carries out a decision, then the one that follows from the answer to its question, and so on.
   */
  #follow(first: Decision, now: Moment): void {
    for (let decision: Decision | undefined = first; decision !== undefined;) {
      this.#machine = decision.machine;
      for (const effect of decision.effects) this.#carryOut(effect, now);
      const question: Question | undefined = decision.question;
      decision = question === undefined ? undefined : this.#answer(question, now);
    }
    this.#followHealth();
  }

  #followHealth(): void {
    const { state, status, dying, last } = this.#machine;
    this.#health?.follow(status, state === "UP" && !dying && !last && !this.#ended);
  }

  /** The service has been started. */
  #lookForHealthCheck(): void {
    const hasCheck = this.#tools.files.exists(HEALTH_DIRECTORY);
    if (!hasCheck) this.#health = undefined;
    else this.#health ??= this.#owner.watchHealth(this);
  }

  #carryOut(effect: Effect, now: Moment): void {
    try {
      this.#do(effect, now);
    } catch (error) {
      this.#tools.mishaps.tell(error);
      if (isRepeatable(effect)) this.#tools.mishaps.survives(() => this.#do(effect, now));
    }
  }

  #answer(question: Question, now: Moment): Decision | undefined {
    try {
      return question.kind === "sweep"
        ? this.#sweep(question.signal)
        : this.#findAnswer(question, now);
    } catch (error) {
      this.#tools.mishaps.tell(error);
      const child = this.#tools.mishaps.guard(() => this.#tools.port.livingChild(), undefined);
      return this.#tools.mishaps.guard(
        () => answerAfterMishap(question, this.#machine, { now, child }),
        undefined,
      );
    }
  }

  #findAnswer(question: Exclude<Question, { readonly kind: "sweep" }>, now: Moment): Decision {
    const decision = findAnswer(question, this.#machine, now, this.#tools);
    if (question.kind === "start" && decision.machine.state === "UP") {
      this.#owner.onStart?.(this.#tools.port.moment().monotonicMs - now.monotonicMs);
      this.#lookForHealthCheck();
    }
    return decision;
  }

  #do(effect: Effect, now: Moment): void {
    const port = this.#tools.port;
    const pid = this.#machine.status.pid;
    switch (effect.kind) {
      case "kill":
        return port.kill(effect.group ? -pid : pid, this.#resolveSignal(effect.signal));
      case "killTimedOut":
        return this.#killTimedOut(pid);
      case "announce":
        return this.#announce();
      case "notify":
        return this.#guard("notify listeners", () => port.notify(effect.events));
      case "timer":
        return this.#setTimer(dueOf(effect.due, now, this.#tools.files), now);
      case "explain":
        return this.#tools.history.explain(effect, this.#machine, now);
      case "createDown":
        return this.#guard("create ./down file", () => port.createEmpty("down"));
      case "removeDown":
        return this.#guard("unlink ./down file", () => port.remove("down"));
      case "closeStdio":
        return port.closeStdio();
      case "warn":
        return port.warn(effect.text);
      case "over":
        return this.#over(effect.exitCode);
      case "end":
        return this.#end();
      default:
        return effect satisfies never;
    }
  }

  #announce(): void {
    const { port } = this.#tools;
    const { status, state, dying, slain } = this.#machine;
    const draining = state === "DRAIN";
    port.record(status, { dying, slain, draining, sweeping: state === "SWEEP" });
    this.#guard("write status file", () => port.replace(STATUS_FILENAME, packSvstatus(status)));
  }

  #setTimer(dueMs: number | undefined, now: Moment): void {
    this.#dueMs = dueMs;
    this.#isDue = dueMs !== undefined && dueMs <= now.monotonicMs;
    this.#tools.port.setTimer(dueMs);
  }

  #killTimedOut(pid: number): void {
    const target = this.#tools.files.exists("flag-timeout-killpg") ? -pid : pid;
    this.#tools.port.kill(target, SIGKILL);
    this.#tools.port.kill(target, SIGCONT);
  }

  #resolveSignal(signal: number | "down-signal" | "reload-signal"): number {
    return typeof signal === "number" ? signal : this.#tools.files.value(signal);
  }

  /** The answers come later, as calls of `#leftovers`. */
  #sweep(signal: number): undefined {
    const { pid } = this.#machine.status;
    this.#tools.port.sweep(pid, signal, (living) => this.#leftovers(living));
  }

  #leftovers(living: number): void {
    if (this.#ended || !this.sweeping) return;
    this.#tools.files.forget();
    this.#follow(
      living > 0 ? answers.leftoversFound(this.#machine) : answers.leftoversGone(this.#machine),
      this.#now(),
    );
  }

  #over(exitCode: number): void {
    if (this.#tools.files.exists("flag-essential")) this.#owner.onEssentialEnd(exitCode);
  }

  #end(): void {
    this.#ended = true;
    const port = this.#tools.port;
    const steps = [
      () => port.setTimer(undefined),
      () => port.endSweep(),
      () => port.closeNotification(),
      () => port.notify("x"),
    ];
    for (const step of steps) this.#guard("notify listeners", step);
    this.#owner.onEnd(
      this.#tools.isEssential ? exitStatusOf(this.#machine.status.wstat) : undefined,
    );
  }

  #guard(action: string, attempt: () => void): void {
    this.#tools.files.guard(action, attempt, undefined);
  }
}
