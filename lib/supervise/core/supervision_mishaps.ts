/**
 * What the machine of lib/supervise/core/supervision.ts makes of a question that nobody could
 * answer, because something was thrown that nobody expected: the answer that fits what is known, so
 * that it waits for nothing that will not come. Pure.
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
  /** The process that lives of those that were started for the service; `undefined`: none. */
  readonly child: number | undefined;
}

/**
 * A child that lives although its start has failed is the service's, or its ./finish: it is never
 * started a second time.
 */
export function answerAfterMishap(
  question: Question,
  m: Machine,
  { now, child }: MishapFacts,
): Decision {
  switch (question.kind) {
    case "start":
      return child === undefined ? notStarted(m, now, SPAWN_RETRY_MS) : started(m, now, child);
    case "drain":
      return noDrain(m);
    case "death":
      return ask(m, FINISH); // with the usual time of the next start
    case "sweep":
      return leftoversGone(m);
    case "finish":
      return child === undefined ? noFinish(m, now) : finishStarted(m, child);
    default:
      return question satisfies never;
  }
}

/** An effect that did not come to its end: is it worth a second try at once? */
export function isRepeatable({ kind }: Effect): boolean {
  return kind === "kill" || kind === "killTimedOut" || kind === "timer";
}
