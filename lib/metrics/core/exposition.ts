/**
 * Writes samples down, in one of two formats: OpenMetrics 1.0, or the text format 0.0.4 of
 * Prometheus. Source: https://prometheus.io/docs/specs/om/open_metrics_spec/,
 * https://prometheus.io/docs/instrumenting/exposition_formats/. Pure.
 */
import { BOUNDS_SECONDS } from "../../counters/core/histogram.ts";
import { type Metric, sampleName } from "./metric.ts";
import { type MetricName, METRICS } from "./metric_table.ts";
import type { Sample, Samples, Value } from "./samples.ts";

export const FORMATS = ["openmetrics", "text"] as const;
export type Format = typeof FORMATS[number];

/** The names of families, in the order of the table. */
const NAMES = Object.keys(METRICS) as MetricName[];

export function exposition(samples: Samples, format: Format): string {
  const parts: string[] = [];
  for (const name of NAMES) {
    const metric: Metric = METRICS[name];
    const lines = [...samples.of(name)].map((sample) => sampleLines(name, metric, sample));
    if (lines.length > 0) parts.push(heading(name, metric, format), ...lines);
  }
  if (format === "openmetrics") parts.push("# EOF\n");
  return parts.join("");
}

/** In the text format the name is that of the samples, and there are neither units nor infos. */
function heading(name: string, metric: Metric, format: Format): string {
  const { type, unit, help } = metric;
  const [own, told] = format === "openmetrics"
    ? [name, type]
    : [sampleName(name, metric), type === "info" ? "gauge" : type];
  const lines = [
    `# HELP ${own} ${escaped(help)}`,
    `# TYPE ${own} ${told}`,
    ...(format === "openmetrics" && unit !== undefined ? [`# UNIT ${own} ${unit}`] : []),
  ];
  return `${lines.join("\n")}\n`;
}

function sampleLines(name: string, metric: Metric, { labels, value }: Sample): string {
  const pairs = metric.labels.map((label, i) => `${label}="${quoted(labels[i]!)}"`);
  if (typeof value === "number") return line(sampleName(name, metric), pairs, value);
  return [...bucketLines(name, pairs, value), ...sumLines(name, pairs, value)].join("");
}

function bucketLines(
  name: string,
  pairs: readonly string[],
  value: Exclude<Value, number>,
): string[] {
  if (!("counts" in value)) return [];
  let below = 0;
  return [...BOUNDS_SECONDS, Infinity].map((bound, i) => {
    below += value.counts[i]!;
    return line(`${name}_bucket`, [...pairs, `le="${boundText(bound)}"`], below);
  });
}

function sumLines(
  name: string,
  pairs: readonly string[],
  value: Exclude<Value, number>,
): string[] {
  const count = "counts" in value ? value.counts.reduce((sum, one) => sum + one, 0) : value.count;
  return [line(`${name}_sum`, pairs, value.sumSeconds), line(`${name}_count`, pairs, count)];
}

function line(name: string, pairs: readonly string[], value: number): string {
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${numberText(value)}\n`;
}

/** OpenMetrics wants a point in each bound; the text format may have it. */
function boundText(bound: number): string {
  return Number.isInteger(bound) ? bound.toFixed(1) : numberText(bound);
}

function numberText(value: number): string {
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : String(value);
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function quoted(text: string): string {
  return escaped(text).replaceAll('"', '\\"');
}
