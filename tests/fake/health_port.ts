/**
 * The world of one service's health checks in memory. What is done is recorded as one word each:
 * `check`, `give up`, `timer 500`, `record healthy`, `event H`, `warn ...`, `react restart`.
 */
import { parseHealth } from "../../lib/health/core/health_record.ts";
import type { CheckOutcome, HealthMoment } from "../../lib/health/core/health_machine.ts";
import type { HealthSettings } from "../../lib/health/core/health_settings.ts";
import type { HealthPort, RunningCheck } from "../../lib/health/port.ts";

export class FakeHealthPort implements HealthPort {
  readonly done: string[] = [];
  nowMs = 0;
  timerAtMs: number | undefined;
  found: HealthSettings | undefined;
  /** Ends the check that runs; undefined: none does. */
  end: ((outcome: CheckOutcome) => void) | undefined;
  /** Tells that the check that was given up is gone; undefined: it is, or there was none. */
  goneAtLast: (() => void) | undefined;
  /** A check that is given up is gone at once. */
  diesAtOnce = true;
  /** The next calls of these throw what nobody expects. */
  readonly broken = new Set<keyof HealthPort>();
  onReact: () => void = () => {};

  constructor(found: HealthSettings | undefined) {
    this.found = found;
  }

  #attempt(name: keyof HealthPort): void {
    if (this.broken.delete(name)) throw new TypeError(`${name} is broken`);
  }

  moment(): HealthMoment {
    this.#attempt("moment");
    return {
      monotonicMs: this.nowMs,
      wallclock: { sec: BigInt(1000 + this.nowMs), nano: 0 },
      random: 0.5,
    };
  }

  settings(): HealthSettings | undefined {
    this.#attempt("settings");
    this.done.push("settings");
    return this.found;
  }

  begin(_: unknown, onEnd: (outcome: CheckOutcome) => void): RunningCheck {
    this.#attempt("begin");
    if (this.end !== undefined) throw new Error("two checks at a time");
    this.done.push("check");
    this.end = (outcome) => {
      this.end = undefined;
      onEnd(outcome);
    };
    return {
      giveUp: (onGone) => {
        this.done.push("give up");
        const gone = (): void => {
          this.end = undefined;
          this.goneAtLast = undefined;
          onGone();
        };
        if (this.diesAtOnce) gone();
        else this.goneAtLast = gone;
      },
    };
  }

  setTimer(atMs: number | undefined): void {
    this.#attempt("setTimer");
    this.timerAtMs = atMs;
  }

  record(bytes: Uint8Array<ArrayBuffer>): void {
    this.#attempt("record");
    this.done.push(`record ${parseHealth(bytes)!.state}`);
  }

  notify(event: string): void {
    this.#attempt("notify");
    this.done.push(`event ${event}`);
  }

  warn(text: string): void {
    this.done.push(`warn ${text}`);
  }

  react(reaction: string): void {
    this.#attempt("react");
    this.done.push(`react ${reaction}`);
    this.onReact();
  }

  mishap(error: unknown): void {
    this.done.push(`mishap ${(error as Error).message}`);
  }
}
