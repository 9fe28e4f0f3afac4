/**
 * The last hour of a service as small pictures: a line of what it has used, and a mark for each of
 * its deaths.
 */
import { drawn, setAttribute } from "./elements.js";

/** @typedef {import("./history.js").Sample} Sample */

/** A line is broken where the page has not looked for so long. */
const GAP_MS = 60_000;

/**
 * @typedef {object} Frame
 * @property {number} width
 * @property {number} height
 * @property {number} fromMs The time at the left edge.
 * @property {number} toMs The time at the right edge.
 */

/**
 * The path of a line, and of the area below it.
 *
 * @param {readonly Sample[]} samples
 * @param {"bytes" | "percent"} field
 * @param {Frame & { readonly most: number }} frame `most` is the value at the upper edge
 * @returns {{ line: string, area: string }}
 */
export function linePaths(samples, field, { width, height, fromMs, toMs, most }) {
  /** @type {[x: number, y: number][][]} */
  const stretches = [];
  let lastMs = -Infinity;
  for (const sample of samples) {
    const value = sample[field];
    if (value === null || sample.atMs < fromMs) {
      lastMs = -Infinity;
      continue;
    }
    if (sample.atMs - lastMs > GAP_MS) stretches.push([]);
    lastMs = sample.atMs;
    const x = (sample.atMs - fromMs) / (toMs - fromMs) * width;
    const y = height - 1 - Math.min(1, value / most) * (height - 2);
    stretches.at(-1)?.push([rounded(x), rounded(y)]);
  }
  const line = stretches.map(pathOf).join("");
  const area = stretches.filter((points) => points.length > 1).map((points) =>
    `${pathOf(points)}L${points.at(-1)?.[0]} ${height}L${points[0]?.[0]} ${height}Z`
  ).join("");
  return { line, area };
}

/** @param {number} value */
function rounded(value) {
  return Math.round(value * 10) / 10;
}

/** One point alone is a short stroke, so that it can be seen.
 * @param {readonly (readonly [number, number])[]} points */
function pathOf(points) {
  const [first] = points;
  if (first !== undefined && points.length === 1) return `M${first[0] - 1} ${first[1]}h1.5`;
  return points.map(([x, y], at) => `${at === 0 ? "M" : "L"}${x} ${y}`).join("");
}

/**
 * A tick for each death.
 *
 * @param {readonly number[]} deathsMs
 * @param {Frame} frame
 * @returns {string}
 */
export function marksPath(deathsMs, { width, height, fromMs, toMs }) {
  return deathsMs.filter((atMs) => atMs >= fromMs).map((atMs) => {
    const x = (atMs - fromMs) / (toMs - fromMs) * width;
    return `M${rounded(Math.min(width - 0.5, Math.max(0.5, x)))} 0v${height}`;
  }).join("");
}

/**
 * The most that is shown of a field: of memory its largest value with some air, of the processor at
 * least a twentieth, so that an idle service is a flat line.
 *
 * @param {readonly Sample[]} samples
 * @param {"bytes" | "percent"} field
 * @returns {number}
 */
export function mostOf(samples, field) {
  const most = samples.reduce((so, sample) => Math.max(so, sample[field] ?? 0), 0);
  return field === "percent" ? Math.max(5, most * 1.1) : Math.max(1, most * 1.25);
}

/**
 * A small picture without axes, beside the value in words.
 *
 * @param {number} width
 * @param {number} height
 */
export function sparkline(width, height) {
  const area = drawn("path", { class: "area" });
  const line = drawn("path", { class: "line" });
  const marks = drawn("path", { class: "marks" });
  const picture = drawn(
    "svg",
    {
      class: "spark",
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      "aria-hidden": "true",
    },
    area,
    line,
    marks,
  );
  return {
    picture,
    /**
     * @param {import("./history.js").History} history
     * @param {"bytes" | "percent" | "deaths"} field
     * @param {{ fromMs: number, toMs: number }} span
     */
    draw(history, field, span) {
      const frame = { width, height, ...span };
      if (field === "deaths") {
        setAttribute(marks, "d", marksPath(history.deathsMs, frame));
        return;
      }
      const paths = linePaths(history.samples, field, {
        ...frame,
        most: mostOf(history.samples, field),
      });
      setAttribute(area, "d", paths.area);
      setAttribute(line, "d", paths.line);
    },
  };
}
