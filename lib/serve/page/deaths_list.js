/** The deaths of a service, the newest first. */
import { element, glyph } from "./elements.js";
import { localDate, localTime } from "./local_time.js";
import { printable } from "./printable.js";
import { ago } from "./service_row.js";
import { deathWords } from "./service_words.js";

/**
 * @typedef {object} Death
 * @property {string | null} time
 * @property {number | null} exitCode
 * @property {string | null} signal
 * @property {boolean} outOfMemory
 * @property {string | null} fault What the exit code says of a program that could not be executed.
 */

/**
 * @param {readonly Death[]} deaths The newest first
 * @param {number} nowMs
 * @returns {HTMLElement}
 */
export function deathsList(deaths, nowMs) {
  if (deaths.length === 0) return element("p", { class: "minor" }, "It has not died.");
  return element(
    "table",
    { class: "deaths" },
    element("caption", { class: "unseen" }, "Deaths"),
    element(
      "thead",
      {},
      element(
        "tr",
        {},
        ...["When", "Ago", "How"].map((title) => element("th", { scope: "col" }, title)),
      ),
    ),
    element("tbody", {}, ...deaths.map((death) => row(death, nowMs))),
  );
}

/**
 * @param {Death} death
 * @param {number} nowMs
 */
function row(death, nowMs) {
  const { time, exitCode, fault } = death;
  const date = new Date(time ?? NaN);
  const when = `${localDate(date)} ${localTime(date).slice(0, 8)}`;
  return element(
    "tr",
    {},
    element("td", {}, time === null ? "-" : element("time", { datetime: time }, when)),
    element("td", {}, time === null ? "-" : ago(time, nowMs)),
    element(
      "td",
      { class: "how" },
      glyph(exitCode === 0 ? "done" : "bad"),
      deathWords(death),
      fault === null ? null : `: ${printable(fault)}`,
    ),
  );
}
