/**
 * The samples of the last hour over a reload of the page: the browser keeps them for this tab, if
 * they are not too many.
 */
import { addDeath, emptyHistory } from "./history.js";

/** @typedef {import("./history.js").History} History */

const KEY = "hexad.history";
const MOST_CHARACTERS = 2_000_000;

/** @param {ReadonlyMap<string, History>} histories */
export function saveHistories(histories) {
  const text = JSON.stringify([...histories].map(([name, { samples, deathsMs }]) => [
    name,
    samples.map(({ atMs, bytes, percent }) => [
      atMs,
      bytes,
      percent === null ? null : Number(percent.toFixed(2)),
    ]),
    deathsMs,
  ]));
  try {
    if (text.length <= MOST_CHARACTERS) sessionStorage.setItem(KEY, text);
    else sessionStorage.removeItem(KEY);
  } catch {
    // a browser without storage begins anew
  }
}

/** @returns {Map<string, History>} What an hour ago or something else has left is forgotten later */
export function restoreHistories() {
  /** @type {Map<string, History>} */
  const histories = new Map();
  try {
    for (const [name, samples, deathsMs] of JSON.parse(sessionStorage.getItem(KEY) ?? "[]")) {
      const history = emptyHistory();
      for (const [atMs, bytes, percent] of samples) history.samples.push({ atMs, bytes, percent });
      for (const atMs of deathsMs) addDeath(history, atMs);
      histories.set(String(name), history);
    }
  } catch {
    return new Map();
  }
  return histories;
}
