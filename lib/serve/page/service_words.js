/**
 * What is said of a service, out of its part of the document of `hexad status --json`, in the words
 * of the table of `hexad status` (lib/status/core/status_table.ts). Pure.
 */
import { humanDuration } from "./human_units.js";
import { printable } from "./printable.js";

/** @typedef {import("../../status/core/status_document.ts").ServiceDocument} Service */
/** @typedef {import("../../status/core/status_document.ts").OneshotDocument} Oneshot */
/** @typedef {"good" | "busy" | "bad" | "off" | "done"} Tone How a state looks: shape and colour. */

/**
 * The state in one word, or two.
 *
 * @param {Service} service
 * @returns {string}
 */
export function stateWord(service) {
  return service.done ? "done" : service.state;
}

/**
 * The state, and what is wanted if that is something else, or when or why not it will be started
 * again.
 *
 * @param {Service} service
 * @param {number} nowMs By the clock of the machine that is watched
 * @returns {string}
 */
export function stateWords(service, nowMs) {
  const { state, health, fault, nextStart, notStarted, adopted } = service;
  const words = [stateWord(service)];
  if (state === "unknown" && fault !== null) words.push(printable(fault));
  if (words[0] === "up" && service.tellsReadiness) words.push("not ready");
  if (health !== null) words.push(healthWords(health));
  if (service.paused) words.push("paused");
  if (adopted) words.push(`adopted ${humanDuration(-seconds(nowMs, adopted))} ago`);
  if (nextStart !== null) words.push(`again in ${humanDuration(seconds(nowMs, nextStart))}`);
  if (words[0] === "down" && notStarted !== null) words.push(printable(notStarted));
  if (service.changing && state !== "backing off") words.push(`wanted ${service.wanted}`);
  return words.join(", ");
}

/** @param {NonNullable<Service["health"]>} health */
function healthWords({ state, reason }) {
  if (state === "starting") return "not healthy yet";
  return state === "unhealthy" && reason !== null ? `unhealthy: ${printable(reason)}` : state;
}

/**
 * @param {number} nowMs
 * @param {string} time
 */
function seconds(nowMs, time) {
  return Math.floor((Date.parse(time) - nowMs) / 1000);
}

/** @type {Readonly<Record<Service["state"], Tone>>} */
const TONES = {
  "ready": "good",
  "up": "good",
  "finishing": "busy",
  "backing off": "bad",
  "failed": "bad",
  "down": "off",
  "not supervised": "bad",
  "unknown": "bad",
};

/**
 * @param {Service} service
 * @returns {Tone}
 */
export function toneOf(service) {
  const tone = TONES[service.state] ?? "bad";
  if (tone === "off" && !service.well) return "bad";
  if (tone === "off" && service.done) return "done";
  if (tone === "good" && service.health?.state === "unhealthy") return "bad";
  return tone === "good" && !service.well ? "busy" : tone;
}

/**
 * Why it does not run though it should, and which of its files are in vain.
 *
 * @param {Service} service
 * @returns {string[]}
 */
export function notesOn({ state, fault, withoutEffect }) {
  return [
    ...(fault === null || state === "unknown" ? [] : [printable(fault)]),
    ...(withoutEffect.length === 0
      ? []
      : [`no effect under the s6-supervise of C s6: ${withoutEffect.map(printable).join(", ")}`]),
  ];
}

/**
 * `exit 1`, `SIGSEGV`, or `SIGKILL (out of memory)`.
 *
 * @param {Pick<NonNullable<Service["lastExit"]>, "exitCode" | "signal" | "outOfMemory">} death
 * @returns {string}
 */
export function deathWords({ exitCode, signal, outOfMemory }) {
  const words = signal === null ? `exit ${exitCode}` : signal;
  return outOfMemory ? `${words} (out of memory)` : words;
}

/**
 * @param {Service} service
 * @returns {string}
 */
export function restartsWords({ restarts, restartsAtLeast }) {
  return restarts === null ? "-" : `${restarts}${restartsAtLeast ? "+" : ""}`;
}

/** @type {Readonly<Record<Oneshot["state"], Tone>>} */
const ONESHOT_TONES = {
  "done": "done",
  "skipped": "off",
  "running": "busy",
  "stopping": "busy",
  "waiting": "busy",
  "failed": "bad",
  "not started": "bad",
  "failed to stop": "bad",
  "down": "off",
};

/**
 * @param {Oneshot} oneshot
 * @returns {Tone}
 */
export function oneshotTone({ state }) {
  return ONESHOT_TONES[state] ?? "bad";
}

/**
 * `failed, exit code 3`, `skipped, DEBUG is not set`.
 *
 * @param {Oneshot} oneshot
 * @returns {string}
 */
export function oneshotWords({ state, reason }) {
  return reason === null ? state : `${state}, ${printable(reason)}`;
}
