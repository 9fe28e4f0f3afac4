/**
 * Telling services what to do and waiting until each has done it: listen first, read the state,
 * then send, then follow the events. In that order nothing is missed.
 */
import { SUPERVISE_DIRECTORY } from "./core/supervise_files.ts";
import {
  type FlagGoal,
  type Goal,
  progressOf,
  pursue,
  type Pursuit,
  SETTLE_MS,
} from "./core/service_goal.ts";
import type { Svstatus } from "./core/svstatus.ts";
import { watchStatus } from "./core/svwait_state.ts";
import { secondsBetween, type Tain } from "../core/time/tain.ts";
import { SyscallError } from "../libc/bind.ts";
import { EventHub } from "../fifodir/hub.ts";
import { IN_MOVED_TO, IN_ONLYDIR } from "../libc/inotify.ts";
import { wallclock } from "../libc/clock.ts";
import type { NamedService } from "./named_service.ts";
import { readStatus } from "./client.ts";
import { isUp } from "./core/svstat_line.ts";
import { watchFaults } from "./fault_watch.ts";
import { observeState } from "./observe.ts";

export type Outcome = "reached" | "failed" | "timed out" | "not running";

export interface Errand {
  readonly service: NamedService;
  readonly goal: Goal | FlagGoal;
  /** It will not be started again when it dies. */
  readonly once: boolean;
  /** It says nothing to a service that does not run: then it is not sent. */
  readonly needsRun: boolean;
  /** It is up when it has been so for a second from now on, ready or not. */
  readonly settles: boolean;
  /** A death on the way, or a start that fails, is its end, even if it is started again. */
  readonly failsAtOnce?: boolean;
  /**
   * Sends the command; called once, when nothing can be missed any more. Whether it was delivered.
   */
  send(): boolean;
  /** Called with each death on the way. */
  onDeath(): void;
  /** Called with each start that fails on the way. */
  onFault(fault: string): void;
  /**
   * Called when it is over; not if the command was not delivered. `since`: when the service came
   * into the state that it was in before.
   */
  onOutcome(outcome: Outcome, since: Tain): void;
  /** Called instead if the service can't be listened to or looked at; then nothing was sent. */
  onTrouble(error: SyscallError | RangeError): void;
}

const DIED = "d".charCodeAt(0);

/** One errand under way. */
class Pursuer {
  readonly #errand: Errand;
  readonly #hub: EventHub;
  readonly #onOver: () => void;
  #listener: Disposable | undefined;
  #pursuit: Pursuit | undefined;
  #faults: Disposable | undefined;
  #settling: Disposable | undefined;
  #since: Tain;
  #over = false;

  constructor(errand: Errand, hub: EventHub, onOver: () => void) {
    this.#errand = errand;
    this.#hub = hub;
    this.#onOver = onOver;
    this.#since = wallclock();
  }

  get isOver(): boolean {
    return this.#over;
  }

  begin(): void {
    try {
      this.#begin();
    } catch (error) {
      if (!(error instanceof SyscallError) && !(error instanceof RangeError)) throw error;
      this.#end();
      this.#errand.onTrouble(error);
    }
  }

  #begin(): void {
    const { service, goal, once, settles, needsRun } = this.#errand;
    if (goal === "paused" || goal === "continued") return this.#beginFlag(goal);
    this.#listener = this.#hub.listen(
      `${service.directory}/event`,
      (events) => events.forEach((byte) => this.#hear(byte)),
    );
    if (goal === "up" || goal === "restarted") this.#listenForFaults();
    const status = readStatus(service.directory);
    this.#since = status.stamp;
    if (needsRun && !isUp(status)) return this.end("not running");
    const { tellsReadiness } = observeState(service);
    this.#pursuit = {
      goal,
      once,
      tellsReadiness: tellsReadiness && !settles,
      watch: watchStatus(status),
      deaths: 0,
    };
    if (!this.#errand.send()) return this.#end();
    if (progressOf(this.#pursuit) === "settling" && !settles && isSettled(status)) {
      return this.end("reached");
    }
    this.#advance();
  }

  #listenForFaults(): void {
    this.#faults = watchFaults(this.#hub, this.#errand.service.directory, (fault) => {
      if (this.#over) return;
      this.#errand.onFault(fault);
      if (this.#errand.failsAtOnce) this.end("failed");
    });
  }

  /** No event tells of a pause, so the status is looked at when it is written. */
  #beginFlag(goal: FlagGoal): void {
    const { directory } = this.#errand.service;
    const look = (): void => {
      const { pid, flagpaused } = readStatus(directory);
      if (pid === 0) this.end("failed"); // the flag says nothing then
      else if (flagpaused === (goal === "paused")) this.end("reached");
    };
    const watch = this.#hub.watchFile(
      `${directory}/${SUPERVISE_DIRECTORY}`,
      IN_MOVED_TO | IN_ONLYDIR,
      () => {
        if (!this.#over) look();
      },
    );
    if (typeof watch === "number") {
      throw new SyscallError(`watch ${directory}/${SUPERVISE_DIRECTORY}`, -watch);
    }
    this.#listener = watch;
    if (!isUp(readStatus(directory))) return this.end("not running");
    if (!this.#errand.send()) return this.#end();
    look();
  }

  #hear(byte: number): void {
    if (this.#over || this.#pursuit === undefined) return;
    this.#pursuit = pursue(this.#pursuit, String.fromCharCode(byte));
    if (byte === DIED) this.#errand.onDeath();
    if (byte === DIED && this.#errand.failsAtOnce) return this.end("failed");
    this.#advance();
  }

  #advance(): void {
    const progress = progressOf(this.#pursuit!);
    if (progress === "settling") {
      this.#settling ??= this.#hub.after(SETTLE_MS, () => this.end("reached"));
      return;
    }
    this.#settling?.[Symbol.dispose]();
    this.#settling = undefined;
    if (progress !== "waiting") this.end(progress);
  }

  end(outcome: Outcome): void {
    this.#end();
    this.#errand.onOutcome(outcome, this.#since);
  }

  #end(): void {
    this.#over = true;
    this.#settling?.[Symbol.dispose]();
    this.#listener?.[Symbol.dispose]();
    this.#faults?.[Symbol.dispose]();
    this.#onOver();
  }
}

function isSettled({ stamp }: Svstatus): boolean {
  return Number(secondsBetween(wallclock(), stamp)) * 1000 >= SETTLE_MS;
}

/**
 * Runs the errands beside each other.
 *
 * @param timeoutMs 0 for no limit
 * @throws {SyscallError} If there is no descriptor left.
 */
export async function bringAbout(errands: readonly Errand[], timeoutMs: number): Promise<void> {
  using hub = new EventHub();
  const areOver = (): boolean => pursuers.every(({ isOver }) => isOver);
  const onOver = (): void => {
    if (areOver()) hub.stop();
  };
  const pursuers = errands.map((errand) => new Pursuer(errand, hub, onOver));
  for (const pursuer of pursuers) pursuer.begin();
  if (areOver()) return;
  using _timer = timeoutMs > 0
    ? hub.after(
      timeoutMs,
      () => pursuers.filter(({ isOver }) => !isOver).forEach((one) => one.end("timed out")),
    )
    : undefined;
  await hub.run();
}
