/** How the services of s6-rc came up: a bar for each, pale while it waited, strong while it ran. */
import { api } from "./api.js";
import { drawn, element, setText } from "./elements.js";
import { humanTook } from "./human_units.js";
import { printable } from "./printable.js";
import { counted } from "./summary.js";

/** @typedef {import("../../status/core/boot_document.ts").BootDocument} Boot */
/** @typedef {Boot["services"][number]} Entry */

const ROW = 22;
const BAR = 12;
const HEAD = 28;
const MARGIN = 12;
const NAME = 168;
const PIXELS = 640;
const LABEL = 72;
const LONGEST_NAME = 24;
/** About so many pixels are between two lines of the time axis. */
const TICK_PIXELS = 90;

export class BootView {
  title = "Boot - ";
  #said = element("p", { class: "nothing" }, "Reading how the boot went");
  #lead = element("p", { class: "summary" });
  #chain = element("p", { class: "minor" });
  #place = element("div", { class: "picture", tabindex: 0, role: "region", "aria-label": "Boot" });
  #list = element("ul", { class: "relations" });
  #details = element(
    "details",
    { hidden: true },
    element("summary", {}, "The same in words"),
    this.#list,
  );
  element = element(
    "div",
    { class: "view" },
    element("h1", {}, "Boot"),
    this.#lead,
    this.#chain,
    this.#said,
    this.#place,
    this.#details,
  );

  constructor() {
    this.#place.hidden = true;
    void this.#read();
  }

  /** A boot that is over does not change. */
  update() {}

  async #read() {
    try {
      /** @type {Boot | null} */
      const boot = await api.boot();
      if (boot === null) setText(this.#said, "s6-rc has started nothing here, as far as is known.");
      else this.#show(boot);
    } catch (error) {
      setText(this.#said, error instanceof Error ? error.message : "the server does not answer");
    }
  }

  /** @param {Boot} boot */
  #show(boot) {
    setText(this.#lead, headline(boot));
    setText(
      this.#chain,
      boot.criticalChain.length < 2
        ? ""
        : `Each waited longest for the one before: ${
          boot.criticalChain.map(printable).join(" → ")
        }`,
    );
    this.#place.replaceChildren(chart(boot));
    this.#list.replaceChildren(
      ...boot.services.map((entry) =>
        element("li", {}, element("bdi", {}, printable(entry.name)), `: ${inWords(entry)}`)
      ),
    );
    this.#said.hidden = true;
    this.#place.hidden = false;
    this.#details.hidden = false;
  }
}

/**
 * `27 services in 0.4 s, 2 failed`.
 *
 * @param {Boot} boot
 */
function headline({ services, tookMs, over }) {
  const own = services.filter(({ step }) => !step).length;
  const others = ["failed", "not started", "skipped", "under way"].map((outcome) => {
    const count = services.filter((entry) => entry.outcome === outcome).length;
    return count === 0 ? "" : `, ${count} ${outcome}`;
  });
  return `${counted(own, "service")} in ${(tookMs / 1000).toFixed(1)} s${others.join("")}${
    over ? "" : ", and the boot goes on"
  }`;
}

/** @param {Entry} entry */
function inWords({ outcome, reason, waitedMs, ranMs }) {
  return [
    reason === null ? outcome : `${outcome}, ${printable(reason)}`,
    `waited ${humanTook(waitedMs)}`,
    ...(ranMs === null ? [] : [`ran ${humanTook(ranMs)}`]),
  ].join(", ");
}

/** @param {Boot} boot */
function chart(boot) {
  const tookMs = Math.max(1, boot.tookMs);
  const x = (/** @type {number} */ ms) => NAME + Math.min(ms, tookMs) / tookMs * PIXELS;
  const height = HEAD + boot.services.length * ROW + MARGIN;
  const width = NAME + PIXELS + LABEL;
  const step = tickMs(tookMs);
  const ticks = Array.from({ length: Math.floor(tookMs / step) + 1 }, (_, at) => at * step)
    .flatMap((ms) => [
      drawn("path", { class: "tick", d: `M${x(ms)} ${HEAD - 6}V${height - MARGIN}` }),
      drawn(
        "text",
        { class: "axis", x: x(ms), y: HEAD - 12, "text-anchor": "middle" },
        humanTook(ms),
      ),
    ]);
  const critical = new Set(boot.criticalChain);
  return drawn(
    "svg",
    {
      class: "boot",
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: "img",
      "aria-label": headline(boot),
    },
    ...ticks,
    ...boot.services.map((entry, at) => row(entry, HEAD + at * ROW, x, critical.has(entry.name))),
  );
}

/**
 * @param {Entry} entry
 * @param {number} y
 * @param {(ms: number) => number} x
 * @param {boolean} isCritical
 */
function row(entry, y, x, isCritical) {
  const { name, outcome, startedMs, endedMs, waitedMs, ranMs } = entry;
  const shown = printable(name);
  const endMs = endedMs ?? (startedMs ?? 0) + (ranMs ?? 0);
  const bar = (
    /** @type {number} */ fromMs,
    /** @type {number} */ toMs,
    /** @type {string} */ kind,
  ) =>
    drawn("rect", {
      class: kind,
      x: x(fromMs),
      y: y + (ROW - BAR) / 2,
      width: Math.max(1.5, x(toMs) - x(fromMs)),
      height: BAR,
      rx: 2,
    });
  const kind = outcome.replaceAll(" ", "-");
  return drawn(
    "g",
    {},
    drawn("title", {}, `${shown}: ${inWords(entry)}`),
    drawn(
      "text",
      { x: NAME - 10, y: y + 15, "text-anchor": "end" },
      shown.length > LONGEST_NAME ? `${shown.slice(0, LONGEST_NAME - 1)}…` : shown,
    ),
    startedMs !== null && waitedMs >= 1 && bar(startedMs - waitedMs, startedMs, "waited"),
    startedMs !== null && bar(startedMs, endMs, `ran ${kind}${isCritical ? " critical" : ""}`),
    drawn(
      "text",
      { class: "axis", x: startedMs === null ? NAME + 6 : x(endMs) + 6, y: y + 15 },
      startedMs === null || outcome === "failed" ? outcome : humanTook(ranMs ?? 0),
    ),
  );
}

/**
 * 1, 2 or 5 times a power of ten.
 *
 * @param {number} tookMs
 * @returns {number}
 */
function tickMs(tookMs) {
  const wanted = Math.max(1, tookMs * TICK_PIXELS / PIXELS);
  const power = 10 ** Math.floor(Math.log10(wanted));
  return [1, 2, 5, 10].map((factor) => factor * power).find((ms) => ms >= wanted) ?? 10 * power;
}
