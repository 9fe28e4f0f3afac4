/**
 * What `hexad`'s commands for services send to a supervisor, in words. Source: s6, doc/s6-svc.html.
 * Pure.
 */
import type { FlagGoal, Goal } from "./service_goal.ts";

export interface ServiceCommand {
  /** Letters of the control FIFO. */
  readonly letters: string;
  /** `told to restart`. */
  readonly told: string;
  /** What it brings about, if that can be waited for. */
  readonly goal?: Goal | FlagGoal;
  readonly once?: boolean;
  /** It has to be up for a second from now on, ready or not. */
  readonly settles?: boolean;
  /** Where all services are meant, those that were stopped, or never started, are not. */
  readonly sparesStopped?: boolean;
  /** Supervisors ignore it while the service does not run. */
  readonly needsRun?: boolean;
}

export const SERVICE_COMMANDS = {
  start: { letters: "u", told: "told to start", goal: "up" },
  stop: { letters: "d", told: "told to stop", goal: "down" },
  // a service that runs dies of r and is wanted up by u; of one that does not run, r says nothing,
  // and u starts it
  restart: { letters: "ru", told: "told to restart", goal: "restarted", sparesStopped: true },
  once: { letters: "o", told: "told to start once", goal: "up", once: true },
  reload: { letters: "l", told: "told to reload", goal: "up", settles: true, needsRun: true },
  pause: { letters: "p", told: "told to pause", goal: "paused", needsRun: true },
  continue: { letters: "c", told: "told to continue", goal: "continued", needsRun: true },
} as const satisfies Record<string, ServiceCommand>;

/**
 * For a service without a `reload-signal` of its own the default is sent by its own letter:
 * supervisors before s6 2.15 don't know `l`.
 */
export function reloadLetter(options: { readonly hasReloadSignal: boolean }): string {
  return options.hasReloadSignal ? "l" : "h";
}
