/** Samples of the table's metrics, as they are gathered. Pure. */
import type { HistogramCounts } from "../../counters/core/histogram.ts";
import { type MetricName, METRICS } from "./metric_table.ts";

/** A sum and a count, without quantiles. */
export interface SummaryCounts {
  readonly count: number;
  readonly sumSeconds: number;
}

export type Value = number | HistogramCounts | SummaryCounts;

export interface Sample {
  /** In the order of the metric's labels. */
  readonly labels: readonly string[];
  readonly value: Value;
}

type TypeOf<N extends MetricName> = (typeof METRICS)[N]["type"];
type Labels<N extends MetricName> = {
  readonly [L in (typeof METRICS)[N]["labels"][number]]: string;
};
type ValueOf<N extends MetricName> = TypeOf<N> extends "histogram" ? HistogramCounts
  : TypeOf<N> extends "summary" ? SummaryCounts
  : number;

export class Samples {
  readonly #families = new Map<MetricName, Map<string, Sample>>();

  /**
   * Adds a sample; undefined is none. Of two with the same labels the first one counts, since a
   * scrape with both would be refused as a whole.
   */
  add<N extends MetricName>(name: N, labels: Labels<N>, value: ValueOf<N> | undefined): void {
    if (value === undefined) return;
    const given = labels as Readonly<Record<string, string>>;
    const texts = METRICS[name].labels.map((label) => labelText(given[label]!));
    const key = texts.join("\0");
    const samples = this.#families.get(name) ?? new Map<string, Sample>();
    this.#families.set(name, samples);
    if (!samples.has(key)) samples.set(key, { labels: texts, value });
  }

  of(name: MetricName): Iterable<Sample> {
    return this.#families.get(name)?.values() ?? [];
  }
}

/** Bytes that are not UTF-8, which may stand in names of files, as `\xff`. */
export function labelText(text: string): string {
  if (text.isWellFormed()) return text;
  return Array.from(text, (char) => {
    const code = char.codePointAt(0)!;
    return code < 0xd800 || code > 0xdfff
      ? char
      : `\\x${(code & 0xff).toString(16).padStart(2, "0")}`;
  }).join("");
}
