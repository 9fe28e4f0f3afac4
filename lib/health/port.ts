/**
 * What the health checks of one service need from the world. `system.ts` implements it; tests have
 * an implementation in memory.
 */
import type { Reaction } from "./core/health_files.ts";
import type { CheckOutcome, HealthMoment } from "./core/health_machine.ts";
import type { HealthCheck, HealthSettings } from "./core/health_settings.ts";

/** A check that is under way. */
export interface RunningCheck {
  /**
   * Ends it. Its end is not told any more; instead `onGone` is called, perhaps at once, when nothing
   * of it is left.
   */
  giveUp(onGone: () => void): void;
}

export interface HealthPort {
  moment(): HealthMoment;
  /** Reads `health-check/`; undefined if it says nothing to check. Faults are warnings. */
  settings(): HealthSettings | undefined;
  /** Begins a check. `onEnd` is called once, perhaps before this returns. */
  begin(check: HealthCheck, onEnd: (outcome: CheckOutcome) => void): RunningCheck;
  /** Calls `ServiceHealth.timeout` at a monotonic time; replaces the last. Undefined: never. */
  setTimer(atMs: number | undefined): void;
  /** Replaces `supervise/health`. Errors are warnings. */
  record(bytes: Uint8Array<ArrayBuffer>): void;
  /** Sends an event to the listeners on event/. Errors are warnings. */
  notify(event: string): void;
  warn(text: string): void;
  /** The service is unhealthy, and this is to be done about it. */
  react(reaction: Exclude<Reaction, "none">): void;
  /** Reports an unexpected exception. */
  mishap(error: unknown): void;
}
