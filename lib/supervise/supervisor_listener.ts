/** Who is told of what a supervisor does: its health checks, and those who wait for its end. */
import type { HealthCounts } from "../counters/core/counts.ts";
import type { Svstatus } from "../servicedir/core/svstatus.ts";

/** Follows the status of a service, and checks its health while it runs. */
export interface HealthWatch {
  readonly counts: HealthCounts;
  /** @param runs It is up, and not told to stop */
  follow(status: Svstatus, runs: boolean): void;
}

/** Is told of the end of a supervisor or its service. */
export interface SupervisorListener {
  /**
   * The supervisor has ended: once, after the event `x`. `essentialCode`: the exit code of its last
   * life, if the service is essential.
   */
  onEnd(essentialCode: number | undefined): void;
  /** An essential service has ended for good, by itself. `code`: its exit code, or 128 + signal. */
  onEssentialEnd(code: number): void;
}
