/**
 * `hexad boot --svg`: a bar for each service, grey while it waited and coloured while it ran.
 * Source: W3C, Scalable Vector Graphics 1.1. Pure.
 */
import { humanTook } from "../../core/time/human_units.ts";
import { printable } from "../../core/text/printable.ts";
import type { BootChart, BootEntry, BootOutcome } from "./boot_chart.ts";
import { bootHeadline, ranMs, waitedMs } from "./boot_chart.ts";
import { shownEntries } from "./boot_text.ts";

const WIDTH = 960;
const MARGIN = 12;
const CHARACTER = 7;
const ROW = 20;
const BAR = 12;
const HEAD = 52;
const LONGEST_NAME = 40;
/** About so many pixels are between two lines of the time axis. */
const TICK_PIXELS = 90;

const COLOURS: Readonly<Record<BootOutcome, string>> = {
  "up": "#2f6fb5",
  "skipped": "#9aa4ad",
  "failed": "#c0392b",
  "not started": "#c0392b",
  "under way": "#d08a1d",
};
const CRITICAL = "#173f6b";

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function shortened(name: string): string {
  const text = printable(name);
  return text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME - 3)}...` : text;
}

/** 1, 2 or 5 times a power of ten. */
function tickMs(tookMs: number, pixels: number): number {
  const wanted = Math.max(1, tookMs * TICK_PIXELS / pixels);
  const power = 10 ** Math.floor(Math.log10(wanted));
  return [1, 2, 5, 10].map((factor) => factor * power).find((ms) => ms >= wanted)!;
}

/** A document by itself. */
export function bootSvg(chart: BootChart): string {
  const entries = shownEntries(chart);
  const longest = entries.reduce((most, { name }) => Math.max(most, shortened(name).length), 8);
  const left = 2 * MARGIN + longest * CHARACTER;
  const pixels = WIDTH - left - MARGIN - 13 * CHARACTER;
  const tookMs = Math.max(1, chart.tookMs);
  const x = (ms: number): string => (left + Math.min(ms, tookMs) / tookMs * pixels).toFixed(1);
  const height = HEAD + entries.length * ROW + MARGIN;
  const step = tickMs(tookMs, pixels);
  const ticks: string[] = [];
  for (let ms = 0; ms <= tookMs; ms += step) {
    ticks.push(
      `<line x1="${x(ms)}" y1="${HEAD - 6}" x2="${x(ms)}" y2="${
        height - MARGIN
      }" stroke="#e2e5e8"/>`,
      `<text x="${x(ms)}" y="${HEAD - 12}" text-anchor="middle" fill="#6b747c">${
        humanTook(ms)
      }</text>`,
    );
  }
  const rows = entries.map((entry, i) => row(entry, HEAD + i * ROW, { chart, x, left }));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="ui-monospace, monospace" font-size="12">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="${MARGIN}" y="20" font-weight="bold" fill="#1d2329">${
      escaped(bootHeadline(chart))
    }</text>`,
    ...ticks,
    ...rows,
    "</svg>",
    "",
  ].join("\n");
}

function row(
  entry: BootEntry,
  y: number,
  { chart, x, left }: {
    readonly chart: BootChart;
    readonly x: (ms: number) => string;
    readonly left: number;
  },
): string {
  const { name, wishedMs, startedMs, outcome, reason } = entry;
  const rect = (fromMs: number, toMs: number, colour: string): string => {
    const width = Math.max(1, Number(x(toMs)) - Number(x(fromMs))).toFixed(1);
    return `<rect x="${x(fromMs)}" y="${
      y + (ROW - BAR) / 2
    }" width="${width}" height="${BAR}" fill="${colour}"/>`;
  };
  const waitedUntil = wishedMs + waitedMs(entry, chart);
  const ran = ranMs(entry, chart);
  const endMs = startedMs === undefined ? waitedUntil : startedMs + ran;
  const isCritical = outcome === "up" && chart.criticalChain.includes(entry);
  const label = startedMs === undefined ? outcome : humanTook(ran);
  const about = reason === undefined ? outcome : reason;
  return [
    `<g><title>${escaped(printable(`${name}: ${about}`))}</title>`,
    `<text x="${left - MARGIN}" y="${y + 14}" text-anchor="end" fill="#1d2329">${
      escaped(shortened(name))
    }</text>`,
    ...(waitedUntil > wishedMs ? [rect(wishedMs, waitedUntil, "#d5dade")] : []),
    ...(startedMs === undefined
      ? []
      : [rect(startedMs, endMs, isCritical ? CRITICAL : COLOURS[outcome])]),
    `<text x="${(Number(x(endMs)) + 5).toFixed(1)}" y="${
      y + 14
    }" fill="#6b747c">${label}</text></g>`,
  ].join("");
}
