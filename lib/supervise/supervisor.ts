/**
 * One supervisor: carries out what the state machine decides for one service. No fault of the
 * service, its files or its disk is an exception here: it becomes that service's warning, and the
 * documented default or a later retry.
 *
 * Nothing that is called from outside throws. Each effect is carried out by itself, so what nobody
 * expected in one of them keeps none of the others from happening; where the machine waits for an
 * outcome, it gets the one that fits what the port knows: a child that lives is never started a
 * second time, and none is forgotten. Source: s6-supervise(8).
 */
import { EXIT_CANNOT_EXEC, EXIT_NOT_FOUND } from "../core/cli/exit_codes.ts";
import type {
  DeathFacts,
  Decision,
  Effect,
  Event,
  Machine,
  Moment,
  State,
} from "./core/machine.ts";
import { COMMANDS, newMachine, SPAWN_RETRY_MS } from "./core/machine.ts";
import { SIGCONT, SIGHUP, SIGKILL, SIGTERM } from "../core/linux/signals.ts";
import { Mishaps } from "../mishap/mishaps.ts";
import { step } from "./core/supervision.ts";
import { afterMishap } from "./core/supervision_mishaps.ts";
import * as outcome from "./core/supervision_outcomes.ts";
import type { Svstatus } from "../servicedir/core/svstatus.ts";
import { packSvstatus } from "../servicedir/core/svstatus.ts";
import { exitStatusOf, wexitstatus, wifsignaled, wtermsig } from "../core/linux/wstat.ts";
import { DeathHistory } from "./death_history.ts";
import type { SpawnOutcome, SupervisePort } from "./port.ts";
import { ServiceFiles } from "./service_files.ts";

const STATUS = "supervise/status";
const DEFAULT_TIMEOUT_FINISH_MS = 5000;
/**
 * The time that what ./run has left has from SIGTERM to SIGKILL, where timeout-kill says nothing.
 */
const DEFAULT_LEFTOVERS_MS = 5000;
/** First argument of ./finish after a death by signal; not 128 + N as in shells. */
const FINISH_SIGNALED = "256";
/** What a shell exits with whose program was killed by SIGKILL. */
const EXIT_SIGKILL = 128 + SIGKILL;
/** After what was thrown within a decision: when the event is decided once more. */
const DECIDE_AGAIN_MS = 1000;

/** Events that can't be dropped: a death, what is due, the end. Commands can be sent again. */
const KEPT: ReadonlySet<Event> = new Set(["CHLD", "TIMEOUT", "TERM", "HUP", "QUIT", "INT"]);

/** Who hosts the supervisor hears of this. */
export interface SupervisorListener {
  /**
   * The supervisor has ended: once, after the event `x`. `essentialCode`: what its last life ended
   * with, if the service is essential.
   */
  onEnd(essentialCode: number | undefined): void;
  /**
   * An essential service has come to its end for good, by itself. `code`: its exit code, or 128 +
   * signal.
   */
  onEssentialEnd(code: number): void;
}

export class Supervisor {
  readonly #port: SupervisePort;
  readonly #name: string;
  readonly #listener: SupervisorListener;
  readonly #files: ServiceFiles;
  readonly #history: DeathHistory;
  #machine: Machine;
  #ended = false;
  /**
   * The timer is due already: it runs out before anybody else does anything, so what was seen of
   * the directory is still so.
   */
  #isDue = false;
  /** There was a flag-essential when ./run last died. */
  #essential = false;
  /** When the machine's TIMEOUT is due. */
  #dueMs: number | undefined;
  /** Events that are still to be decided, since the first try has failed. */
  #owed: { readonly event: Event; readonly wstat: number | undefined }[] | undefined;
  #lastMoment: Moment;
  readonly #mishaps: Mishaps;

  /** @param name What ./run gets as its first argument. */
  constructor(port: SupervisePort, name: string, listener: SupervisorListener) {
    this.#port = port;
    this.#name = name;
    this.#listener = listener;
    this.#mishaps = new Mishaps((text) => port.warn(text));
    this.#files = new ServiceFiles(port, this.#mishaps);
    this.#history = new DeathHistory(port, this.#files);
    this.#lastMoment = port.moment();
    this.#machine = newMachine(this.#lastMoment, true);
  }

  get status(): Svstatus {
    return this.#machine.status;
  }

  get state(): State {
    return this.#machine.state;
  }

  /** Its process, ./run or ./finish; 0 if none runs. */
  get pid(): number {
    return this.#machine.state.endsWith("SWEEP") ? 0 : this.#machine.status.pid;
  }

  /** It is up or waits to be, or has ended for good: nobody has asked for it to be down. */
  get unasked(): boolean {
    return this.#machine.status.flagwantup || this.#machine.over !== undefined;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Announces itself, and starts the service unless a `down` file is there. */
  begin(): void {
    const wantup = !this.#files.guard("access ./down", () => this.#port.exists("down"), false);
    const now = this.#now();
    this.#machine = newMachine(now, wantup);
    this.#carryOut([{ kind: "announce" }, { kind: "notify", events: "s" }], now);
    this.handle("TIMEOUT");
  }

  /** Feeds one event to the machine. Events after the end are ignored. */
  handle(event: Event, wstat?: number): void {
    if (this.#ended) return;
    if (event === "TIMEOUT" && this.#owed !== undefined) return this.#decideAgain();
    if (event !== "TIMEOUT" || !this.#isDue) this.#files.forget();
    this.#isDue = false;
    if (event === "TIMEOUT") this.#dueMs = undefined;
    const now = this.#now();
    let decision;
    try {
      decision = step(this.#machine, event, wstat === undefined ? now : { ...now, wstat });
    } catch (error) {
      this.#mishaps.tell(error);
      return this.#owe(event, wstat);
    }
    this.#apply(decision, now);
  }

  /** Something that nobody expected, in what was done for this service. */
  mishap(error: unknown): void {
    this.#mishaps.tell(error);
  }

  #now(): Moment {
    this.#lastMoment = this.#mishaps.guard(() => this.#port.moment(), this.#lastMoment);
    return this.#lastMoment;
  }

  /** The machine is as it was before the event, which is decided once more. */
  #owe(event: Event, wstat: number | undefined): void {
    if (!KEPT.has(event)) return;
    (this.#owed ??= []).push({ event, wstat });
    this.#mishaps.survives(() =>
      this.#port.setTimer(this.#lastMoment.monotonicMs + DECIDE_AGAIN_MS)
    );
  }

  #decideAgain(): void {
    const owed = this.#owed ?? [];
    this.#owed = undefined;
    this.#mishaps.survives(() => this.#port.setTimer(this.#dueMs));
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
    this.#mishaps.survives(() => this.#apply(outcome.becameReady(this.#machine, now), now));
  }

  #apply(decision: Decision, now: Moment): void {
    this.#machine = decision.machine;
    this.#carryOut(decision.effects, now);
  }

  #carryOut(effects: readonly Effect[], now: Moment): void {
    for (const effect of effects) {
      try {
        this.#do(effect, now);
      } catch (error) {
        this.#mishaps.tell(error);
        this.#mishaps.survives(() => this.#makeUpFor(effect, now));
      }
    }
  }

  /** The effect has not been carried out to its end. */
  #makeUpFor(effect: Effect, now: Moment): void {
    const child = this.#mishaps.guard(() => this.#port.livingChild(), undefined);
    const decision = afterMishap(effect, this.#machine, { now, child });
    if (decision === "repeat") this.#do(effect, now);
    else this.#apply(decision, now);
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
        return this.#guard(
          "write status file",
          () => port.replace(STATUS, packSvstatus(this.#machine.status)),
        );
      case "notify":
        return this.#guard("notify listeners", () => port.notify(effect.events));
      case "timer":
        return this.#setTimer(this.#resolveDue(effect.due, now), now);
      case "start":
        return this.#start(now);
      case "drain":
        return this.#drain(now);
      case "death":
        return this.#death(now);
      case "explain":
        return this.#history.explain(effect, this.#machine, now);
      case "sweep":
        return port.sweep(pid, effect.signal, (living) => this.#leftovers(living));
      case "finish":
        return this.#finish(now);
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

  #setTimer(dueMs: number | undefined, now: Moment): void {
    this.#dueMs = dueMs;
    this.#isDue = dueMs !== undefined && dueMs <= now.monotonicMs;
    this.#port.setTimer(dueMs);
  }

  #killTimedOut(pid: number): void {
    const target = this.#files.exists("flag-timeout-killpg") ? -pid : pid;
    this.#port.kill(target, SIGKILL);
    this.#port.kill(target, SIGCONT);
  }

  #resolveSignal(signal: number | "down-signal" | "reload-signal"): number {
    return typeof signal === "number"
      ? signal
      : this.#files.readSignal(signal, signal === "down-signal" ? SIGTERM : SIGHUP);
  }

  #resolveDue(due: Extract<Effect, { kind: "timer" }>["due"], now: Moment): number | undefined {
    if (due === "never") return undefined;
    if (typeof due === "number") return due;
    if (due === "leftovers") {
      return now.monotonicMs + (this.#files.readUint("timeout-kill") || DEFAULT_LEFTOVERS_MS);
    }
    const timeoutMs = this.#files.readUint(due) ??
      (due === "timeout-finish" ? DEFAULT_TIMEOUT_FINISH_MS : 0);
    return timeoutMs === 0 ? undefined : now.monotonicMs + timeoutMs;
  }

  #start(now: Moment): void {
    const port = this.#port;
    const newPidNamespace = this.#files.exists("flag-newpidns");
    const lockFd = this.#files.readDescriptor("lock-fd");
    const notificationFd = this.#files.readDescriptor("notification-fd");
    if (lockFd !== undefined && lockFd === notificationFd) {
      port.warn(
        "unable to start service: notification-fd and lock-fd are the same (change one of them, then s6-svc -u)",
      );
      return this.#apply(outcome.notStarted(this.#machine, now, "never"), now);
    }
    const oomScoreAdj = this.#files.oomScoreAdj();
    const result = port.spawnRun({
      newPidNamespace,
      ...(oomScoreAdj === undefined ? {} : { oomScoreAdj }),
      ...(lockFd === undefined ? {} : { lockFd }),
      ...(notificationFd === undefined ? {} : { notificationFd }),
    });
    if ("pid" in result) return this.#apply(outcome.started(this.#machine, now, result.pid), now);
    if (this.#machine.status.flagwantup && this.#files.restartPolicy() === "never") {
      port.warn(`${result.reason} (not trying again: restart-policy is never)`);
      return this.#apply(
        outcome.hopeless(this.#machine, result.missing ? EXIT_NOT_FOUND : EXIT_CANNOT_EXEC),
        now,
      );
    }
    port.warn(`${result.reason} (waiting ${SPAWN_RETRY_MS / 1000} seconds)`);
    this.#apply(outcome.notStarted(this.#machine, now, SPAWN_RETRY_MS), now);
  }

  #drain(now: Moment): void {
    const drainMs = this.#files.readUint("timeout-drain") ?? 0;
    const machine = this.#machine;
    this.#apply(
      drainMs === 0 ? outcome.noDrain(machine) : outcome.draining(machine, now, drainMs),
      now,
    );
  }

  #death(now: Moment): void {
    const { wstat } = this.#machine.status;
    this.#mishaps.survives(() => this.#port.closeNotification());
    this.#files.look();
    this.#essential = this.#files.exists("flag-essential");
    this.#history.died(this.#machine.status);
    const rules = this.#files.restartRules();
    const facts: DeathFacts = {
      rules,
      downSignal: rules.policy === "on-failure"
        ? this.#files.readSignal("down-signal", SIGTERM)
        : SIGTERM,
      oom: !this.#machine.slain && exitStatusOf(wstat) === EXIT_SIGKILL &&
        this.#mishaps.guard(() => this.#port.claimOomKill(), false),
      killLeftovers: this.#files.exists("flag-kill-leftovers"),
    };
    this.#apply(outcome.judged(this.#machine, now, facts), now);
  }

  #leftovers(living: number): void {
    if (this.#ended || !this.#machine.state.endsWith("SWEEP")) return;
    this.#files.forget();
    this.#apply(
      living > 0 ? outcome.leftoversFound(this.#machine) : outcome.leftoversGone(this.#machine),
      this.#now(),
    );
  }

  #finish(now: Moment): void {
    this.#mishaps.survives(() => this.#port.endSweep());
    const result = this.#spawnFinish();
    if ("pid" in result) return this.#apply(outcome.finishStarted(this.#machine, result.pid), now);
    if (!result.missing) this.#port.warn(`${result.reason} (going on without it)`);
    this.#apply(outcome.noFinish(this.#machine, now), now);
  }

  #spawnFinish(): SpawnOutcome {
    if (this.#files.isAbsent("finish")) return { missing: true, reason: "" };
    const { wstat, pid } = this.#machine.status;
    const code = wifsignaled(wstat) ? FINISH_SIGNALED : String(wexitstatus(wstat));
    return this.#port.spawnFinish([code, String(wtermsig(wstat)), this.#name, String(pid)]);
  }

  #over(exitCode: number): void {
    if (this.#files.exists("flag-essential")) this.#listener.onEssentialEnd(exitCode);
  }

  #end(): void {
    this.#ended = true;
    const port = this.#port;
    const steps = [
      () => port.setTimer(undefined),
      () => port.endSweep(),
      () => port.closeNotification(),
      () => port.notify("x"),
    ];
    for (const step of steps) this.#guard("notify listeners", step);
    this.#listener.onEnd(this.#essential ? exitStatusOf(this.#machine.status.wstat) : undefined);
  }

  #guard(action: string, attempt: () => void): void {
    this.#files.guard(action, attempt, undefined);
  }
}
