/** One service in the table: its rows are made once, and then only what has changed is changed. */
import { element, glyph, setAttribute, setGlyph, setText } from "./elements.js";
import { emptyHistory, shownMs } from "./history.js";
import { humanBytes, humanDuration, humanShare } from "./human_units.js";
import { sparkline } from "./plot.js";
import { printable } from "./printable.js";
import { deathWords, notesOn, restartsWords, stateWords, toneOf } from "./service_words.js";

/** @typedef {import("./service_words.js").Service} Service */
/** @typedef {import("./watched_tree.js").WatchedTree} WatchedTree */

const WIDTH = 88;
const HEIGHT = 20;

/**
 * The address of a service's view.
 *
 * @param {string} name
 * @returns {string}
 */
export function serviceAddress(name) {
  return `#/service/${encodeURIComponent(JSON.stringify(name).slice(1, -1))}`;
}

/**
 * The name in such an address.
 *
 * @param {string} word
 * @returns {string}
 */
export function nameInAddress(word) {
  try {
    return String(JSON.parse(`"${decodeURIComponent(word)}"`));
  } catch {
    return word;
  }
}

export class ServiceRow {
  #glyph = glyph("off");
  #state = element("span");
  #since = element("td", { class: "since" });
  #restarts = element("span", { class: "number" });
  #deaths = sparkline(WIDTH, HEIGHT - 6);
  #exit = element("td", { class: "exit" });
  #memory = element("span", { class: "number" });
  #memoryLine = sparkline(WIDTH, HEIGHT);
  #share = element("span", { class: "number" });
  #shareLine = sparkline(WIDTH, HEIGHT);
  #line = element("td", { class: "last-line" });
  #pid = element("td", { class: "pid" });
  #note = element("td", { class: "note", colspan: 9 });

  /** @param {string} name */
  constructor(name) {
    this.name = name;
    this.link = element("a", { href: serviceAddress(name) }, element("bdi", {}, printable(name)));
    this.row = element(
      "tr",
      { class: "service" },
      element("th", { scope: "row", class: "name" }, this.#glyph, this.link),
      element("td", { class: "state" }, this.#state),
      this.#pid,
      this.#since,
      element("td", { class: "restarts" }, this.#restarts, this.#deaths.picture),
      this.#exit,
      element("td", { class: "memory" }, this.#memory, this.#memoryLine.picture),
      element("td", { class: "cpu" }, this.#share, this.#shareLine.picture),
      this.#line,
    );
    this.noteRow = element("tr", { class: "note-row" }, this.#note);
  }

  /** The rows as they are shown now. */
  rows() {
    return this.#note.textContent === "" ? [this.row] : [this.row, this.noteRow];
  }

  /**
   * What a look has found.
   *
   * @param {Service} service
   * @param {WatchedTree} tree
   */
  update(service, tree) {
    const tone = toneOf(service);
    const history = tree.histories.get(service.name) ?? emptyHistory();
    const toMs = tree.nowMs();
    const span = { fromMs: toMs - shownMs(tree.firstMs(), toMs), toMs };
    setGlyph(this.#glyph, tone);
    setAttribute(this.row, "class", `service ${tone}${service.well ? "" : " unwell"}`);
    setAttribute(this.noteRow, "class", `note-row ${tone}`);
    setText(this.#pid, service.pid === null ? "-" : String(service.pid));
    setText(this.#restarts, restartsWords(service));
    const { memory } = service;
    const percent = history.samples.at(-1)?.percent ?? null;
    setText(this.#memory, memory === null ? "-" : humanBytes(memory.bytes));
    setText(this.#share, percent === null ? "-" : humanShare(percent));
    const line = printable(service.log?.lastLine?.text ?? "-");
    setText(this.#line, line);
    setAttribute(this.#line, "title", line.length > 60 ? line : null);
    setText(this.#note, notesOn(service).join("; "));
    this.#deaths.draw(history, "deaths", span);
    this.#memoryLine.draw(history, "bytes", span);
    this.#shareLine.draw(history, "percent", span);
    this.tick(service, toMs);
  }

  /**
   * What the time alone changes.
   *
   * @param {Service} service
   * @param {number} nowMs
   */
  tick(service, nowMs) {
    setText(this.#state, stateWords(service, nowMs));
    setText(this.#since, service.since === null ? "-" : ago(service.since, nowMs));
    const { lastExit } = service;
    setText(
      this.#exit,
      lastExit === null
        ? "-"
        : `${deathWords(lastExit)}${
          lastExit.time === null ? "" : `, ${ago(lastExit.time, nowMs)} ago`
        }`,
    );
  }
}

/**
 * @param {string} time
 * @param {number} nowMs
 * @returns {string}
 */
export function ago(time, nowMs) {
  return humanDuration((nowMs - Date.parse(time)) / 1000);
}
