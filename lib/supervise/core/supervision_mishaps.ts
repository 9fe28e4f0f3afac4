/**
 * The answer for the machine in lib/supervise/core/supervision.ts if an unexpected exception
 * prevents the real one. It fits what is known, so that the machine does not wait for an event that
 * will never come. Pure.
 */
import type { Decision, Effect, Machine, Moment, Question } from "./machine.ts";
import { ask, FINISH, SPAWN_RETRY_MS } from "./machine.ts";
import {
  finishStarted,
  leftoversGone,
  noDrain,
  noFinish,
  notStarted,
  started,
} from "./supervision_answers.ts";

export interface MishapFacts {
  readonly now: Moment;
  /** The living process that was started for the service; `undefined`: none. */
  readonly child: number | undefined;
}

/**
 * A child that lives although its start failed counts as the service, or as its ./finish. It is
 * never started a second time.
 */
export function answerAfterMishap(
  question: Question,
  m: Machine,
  { now, child }: MishapFacts,
): Decision {
  switch (question.kind) {
    case "start":
      return child === undefined
        ? notStarted(m, now, { retryMs: SPAWN_RETRY_MS })
        : started(m, now, child);
    case "drain":
      return noDrain(m);
    case "death":
      return ask(m, FINISH); // with the usual delay until the next start
    case "sweep":
      return leftoversGone(m);
    case "finish":
      return child === undefined ? noFinish(m, now) : finishStarted(m, child);
    default:
      return question satisfies never;
  }
}

/** Whether an effect that failed halfway is worth a second try at once. */
export function isRepeatable({ kind }: Effect): boolean {
  return kind === "kill" || kind === "killTimedOut" || kind === "timer";
}
