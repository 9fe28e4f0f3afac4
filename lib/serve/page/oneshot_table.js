/** Oneshots of s6-rc, and definitions that were left out: the second table of `hexad status`. */
import { element, glyph, setText } from "./elements.js";
import { humanTook } from "./human_units.js";
import { printable } from "./printable.js";
import { ago } from "./service_row.js";
import { oneshotTone, oneshotWords } from "./service_words.js";

/** @typedef {import("./watched_tree.js").Status} Status */
/** @typedef {import("./service_words.js").Tone} Tone */

const TITLES = ["Oneshot", "State", "Took", "Since", "Last output line"];

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {Tone} tone
 * @property {readonly string[]} cells
 * @property {boolean} well
 */

export class OneshotTable {
  #body = element("tbody");
  #said = "";
  element = element(
    "section",
    { class: "oneshots", hidden: true },
    element("h2", { id: "oneshots-title" }, "Oneshots"),
    element(
      "table",
      { "aria-labelledby": "oneshots-title" },
      element(
        "thead",
        {},
        element("tr", {}, ...TITLES.map((title) => element("th", { scope: "col" }, title))),
      ),
      this.#body,
    ),
  );

  /**
   * @param {Status} status
   * @param {number} nowMs
   */
  update(status, nowMs) {
    const rows = rowsOf(status, nowMs);
    this.element.hidden = rows.length === 0;
    const shape = rows.map(({ name, tone }) => `${tone} ${name}`).join("\n");
    if (shape !== this.#said) {
      this.#said = shape;
      this.#body.replaceChildren(...rows.map(rowElement));
    }
    for (const [at, { cells }] of rows.entries()) {
      const shown = this.#body.rows[at]?.cells;
      for (const [i, text] of cells.entries()) {
        const cell = shown?.[i + 1];
        if (cell !== undefined) setText(cell, text);
      }
    }
  }
}

/** @param {Row} row */
function rowElement({ name, tone, cells, well }) {
  const classes = ["state", "took", "since", "last-line"];
  return element(
    "tr",
    { class: `${tone}${well ? "" : " unwell"}` },
    element(
      "th",
      { scope: "row", class: "name" },
      glyph(tone),
      element("bdi", {}, printable(name)),
    ),
    ...cells.map((_, at) => element("td", { class: classes[at] ?? "" })),
  );
}

/**
 * @param {Status} status
 * @param {number} nowMs
 * @returns {Row[]}
 */
function rowsOf({ oneshots, leftOut }, nowMs) {
  /** @type {Row[]} */
  const rows = oneshots.map((oneshot) => {
    const { name, well, tookMs, started, ended, lastLine } = oneshot;
    const since = ended ?? started;
    return {
      name,
      well,
      tone: oneshotTone(oneshot),
      cells: [
        oneshotWords(oneshot),
        tookMs === null ? "-" : humanTook(tookMs),
        since === null ? "-" : ago(since, nowMs),
        printable(lastLine ?? "-"),
      ],
    };
  });
  /** @type {Row[]} */
  const omissions = leftOut.map(({ name, because, why }) => ({
    name,
    well: false,
    tone: "bad",
    cells: [
      `left out, ${
        name === because ? printable(why ?? "it is broken") : `because of ${printable(because)}`
      }`,
      "-",
      "-",
      "-",
    ],
  }));
  return [...rows, ...omissions].sort((a, b) => Number(a.well) - Number(b.well));
}
