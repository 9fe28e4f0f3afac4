/** An event in words, as `hexad events` prints it (lib/status/core/service_event.ts). Pure. */
import { humanDuration } from "./human_units.js";
import { printable } from "./printable.js";
import { deathWords } from "./service_words.js";

/** @typedef {import("../../status/core/service_event.ts").EventDocument} ServiceEvent */

/**
 * @param {ServiceEvent} event
 * @returns {string}
 */
export function eventWords(event) {
  const { time, pid, exitCode, signal, nextStart, reason, fault, done } = event;
  switch (event.event) {
    case "up":
    case "adopted":
      return pid === null ? event.event : `${event.event}, pid ${pid}`;
    case "died": {
      const how = exitCode === null && signal === null ? "" : `: ${deathWords(event)}`;
      return `died${how}${fault === null ? "" : ` (${printable(fault)})`}`;
    }
    case "down":
      return nextStart === null || time === null
        ? "down"
        : `down, again in ${humanDuration((Date.parse(nextStart) - Date.parse(time)) / 1000)}`;
    case "failed":
      return done ? "done: it is not started again" : "failed for good";
    case "unstartable":
      return printable(fault ?? "could not be started");
    case "supervised":
      return "is supervised";
    case "unsupervised":
      return "is not supervised any more";
    case "unhealthy":
      return reason === null ? "unhealthy" : `unhealthy: ${printable(reason)}`;
    default:
      return event.event;
  }
}

/** @type {Readonly<Partial<Record<ServiceEvent["event"], import("./service_words.js").Tone>>>} */
const TONES = {
  up: "good",
  adopted: "good",
  ready: "good",
  healthy: "good",
  died: "bad",
  failed: "bad",
  unstartable: "bad",
  unhealthy: "bad",
  unsupervised: "bad",
};

/**
 * @param {ServiceEvent} event
 * @returns {import("./service_words.js").Tone}
 */
export function eventTone({ event, exitCode, done }) {
  if (done || (event === "died" && exitCode === 0)) return "done";
  return TONES[event] ?? "off";
}
