/** The last line of `hexad status`: how many services there are, and what they do. Pure. */
import { missedText, oneshotState } from "./oneshot_report.ts";
import type { StatusOverview } from "./status_document.ts";
import {
  isPaused,
  isUnhealthy,
  isWell,
  type ServiceFacts,
  type StateWord,
  stateWord,
} from "./service_state.ts";

type Group = Exclude<StateWord, "ready"> | "not ready" | "unhealthy" | "paused";

/** In the order in which they are told. */
const GROUPS: readonly Group[] = [
  "up",
  "not ready",
  "unhealthy",
  "paused",
  "finishing",
  "backing off",
  "failed",
  "not supervised",
  "unknown",
  "done",
  "down",
];

/** `12 services: 10 up, 1 failed, 1 down`; loggers are only told of if they are not well. */
export function summaryLine(
  { reports, oneshots, leftOut }: Pick<StatusOverview, "reports" | "oneshots" | "leftOut">,
): string {
  const services = reports.filter(({ facts }) => !facts.isLogger).map(({ facts }) => facts);
  const loggers = reports.filter(({ facts }) => facts.isLogger && !isWell(facts)).length;
  const missed = oneshots.filter(({ service }) => missedText(service) !== undefined).length;
  const done = oneshots.filter(({ service }) => oneshotState(service) === "done").length;
  return [
    `${counted(services.length, "service")}${details(groupsOf(services))}`,
    ...(loggers === 0 ? [] : [`${counted(loggers, "logger")} not well`]),
    ...(oneshots.length === 0 ? [] : [
      counted(oneshots.length, "oneshot") + details([[done, "done"], [missed, "failed"]]),
    ]),
    ...(leftOut.length === 0 ? [] : [`${counted(leftOut.length, "definition")} left out`]),
  ].join("; ");
}

function groupsOf(services: readonly ServiceFacts[]): readonly (readonly [number, Group])[] {
  const groups = services.map(groupOf);
  return GROUPS.map((group) => [groups.filter((each) => each === group).length, group] as const);
}

function groupOf(facts: ServiceFacts): Group {
  const word = stateWord(facts);
  if (word !== "up" && word !== "ready") return word;
  if (isPaused(facts)) return "paused";
  if (isUnhealthy(facts)) return "unhealthy";
  return isWell(facts) ? "up" : "not ready";
}

function details(counts: readonly (readonly [count: number, word: string])[]): string {
  const told = counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return told.length === 0 ? "" : `: ${told.join(", ")}`;
}

/** `1 service`, `2 services`. */
export function counted(count: number, word: string): string {
  return `${count} ${count === 1 ? word : `${word}s`}`;
}
