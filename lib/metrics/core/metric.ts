/** What is told of a metric, whatever its value. Pure. */
export interface Metric {
  readonly type: "gauge" | "counter" | "histogram" | "summary" | "info";
  readonly unit?: "seconds" | "bytes";
  readonly labels: readonly string[];
  readonly help: string;
  /** Where it is read, and when it is missing; for the page. */
  readonly from: string;
}

/** How a family's samples are called, without the suffixes of histograms and summaries. */
export function sampleName(name: string, { type }: Pick<Metric, "type">): string {
  return type === "counter" ? `${name}_total` : type === "info" ? `${name}_info` : name;
}

/** All names that samples of a family have. */
export function seriesNames(name: string, metric: Pick<Metric, "type">): string[] {
  switch (metric.type) {
    case "histogram":
      return ["_bucket", "_sum", "_count"].map((suffix) => name + suffix);
    case "summary":
      return ["_sum", "_count"].map((suffix) => name + suffix);
    default:
      return [sampleName(name, metric)];
  }
}
