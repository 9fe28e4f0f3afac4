/**
 * The last line of `hexad status` (lib/status/core/status_summary.ts), out of its document, and how
 * much of it is not well. Pure.
 */
import { stateWord } from "./service_words.js";

/** @typedef {import("../../status/core/status_document.ts").StatusDocument} Status */
/** @typedef {import("../../status/core/status_document.ts").ServiceDocument} Service */

/** In the order in which they are told. */
const GROUPS = [
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

/**
 * `12 services: 10 up, 1 failed, 1 down`; loggers are only told of if they are not well.
 *
 * @param {Pick<Status, "services" | "oneshots" | "leftOut">} status
 * @returns {string}
 */
export function summaryLine({ services, oneshots, leftOut }) {
  const groups = services.filter(({ logger }) => !logger).map(groupOf);
  const loggers = services.filter(({ logger, well }) => logger && !well).length;
  const missed = oneshots.filter(({ well }) => !well).length;
  const done = oneshots.filter(({ state }) => state === "done").length;
  return [
    counted(groups.length, "service") +
    details(GROUPS.map((word) => [groups.filter((group) => group === word).length, word])),
    ...(loggers === 0 ? [] : [`${counted(loggers, "logger")} not well`]),
    ...(oneshots.length === 0 ? [] : [
      counted(oneshots.length, "oneshot") + details([[done, "done"], [missed, "failed"]]),
    ]),
    ...(leftOut.length === 0 ? [] : [`${counted(leftOut.length, "definition")} left out`]),
  ].join("; ");
}

/** @param {Service} service */
function groupOf(service) {
  const word = stateWord(service);
  if (word !== "up" && word !== "ready") return word;
  if (service.paused) return "paused";
  if (service.health?.state === "unhealthy") return "unhealthy";
  return service.well ? "up" : "not ready";
}

/** @param {readonly (readonly [number, string])[]} counts */
function details(counts) {
  const told = counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return told.length === 0 ? "" : `: ${told.join(", ")}`;
}

/**
 * @param {number} count
 * @param {string} word
 * @returns {string}
 */
export function counted(count, word) {
  return `${count} ${count === 1 ? word : `${word}s`}`;
}

/**
 * How many services, oneshots and definitions somebody should look at.
 *
 * @param {Pick<Status, "services" | "oneshots" | "leftOut">} status
 * @returns {number}
 */
export function unwellCount({ services, oneshots, leftOut }) {
  return services.filter(({ well }) => !well).length +
    oneshots.filter(({ well }) => !well).length + leftOut.length;
}
