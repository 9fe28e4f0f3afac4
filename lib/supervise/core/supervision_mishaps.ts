/**
 * What the machine of lib/supervise/core/supervision.ts makes of an effect in which something was
 * thrown that nobody expected: it goes on with the outcome that fits what is known, so that it
 * waits for nothing that will not come. Pure.
 */
import type { Decision, Effect, Machine, Moment } from "./machine.ts";
import { decide, FINISH, SPAWN_RETRY_MS } from "./machine.ts";
import * as outcome from "./supervision_outcomes.ts";

export interface MishapFacts {
  readonly now: Moment;
  /** The process that lives of those that were spawned for the service; `undefined`: none. */
  readonly child: number | undefined;
}

/**
 * `repeat`: the effect can be tried once more. A child that lives although its start has failed is
 * the service's, or its ./finish: it is never started a second time.
 */
export function afterMishap(
  effect: Effect,
  m: Machine,
  { now, child }: MishapFacts,
): Decision | "repeat" {
  switch (effect.kind) {
    case "kill":
    case "killTimedOut":
    case "timer":
      return "repeat";
    case "start":
      if (m.state !== "DOWN") return decide(m);
      return child === undefined
        ? outcome.notStarted(m, now, SPAWN_RETRY_MS)
        : outcome.started(m, now, child);
    case "drain":
      return m.state === "UP" || m.state === "LASTUP" ? outcome.noDrain(m) : decide(m);
    case "death":
      return decide(m, FINISH); // with the usual time of the next start
    case "sweep":
      return m.state.endsWith("SWEEP") ? outcome.leftoversGone(m) : decide(m);
    case "finish":
      if (m.state === "DOWN" || m.state.endsWith("FINISH")) return decide(m);
      return child === undefined ? outcome.noFinish(m, now) : outcome.finishStarted(m, child);
    default:
      return decide(m); // nothing hangs on it
  }
}
